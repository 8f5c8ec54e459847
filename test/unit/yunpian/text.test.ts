import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inspectText, normalizeMobile } from 'weixin-kit/yunpian'
import { fcParameters } from '../../support/fc-parameters.ts'

describe('normalizeMobile', () => {
  it.each([
    ['13800138000', '13800138000'],
    ['+8613800138000', '13800138000'],
    ['008613800138000', '13800138000'],
    ['8613800138000', '13800138000'],
    [' +86 (138) 0013-8000 ', '13800138000'],
    ['１３８００１３８０００', '13800138000'],
    ['+852 6123 4567', '+85261234567'],
    ['0085261234567', '+85261234567'],
    ['+1.415.555.2671', '+14155552671']
  ])('%s is %s', (input, expected) => expect(normalizeMobile(input)).toBe(expected))

  it.each([
    ...['', '1', '12800138000', '1380013800', '138001380001', '+8612800138000', '+0123456789', '+1234567890123456'],
    ...[
      '85261234567',
      '+86',
      '++8613800138000',
      '13800138000,13800138001',
      '13800138000;',
      'abc',
      `${' '.repeat(100_000)}13800138000`,
      '+٣٤٥٦٧٨٩٠'
    ]
  ])('%j is none', (input) => {
    expect(() => normalizeMobile(input)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_PARAM', option: 'mobile' })
    )
  })

  it('gives 11 digits or E.164, and the same again', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[+0-9 ().-]{5,20}$/)), (input) => {
        try {
          const mobile = normalizeMobile(input)
          expect(mobile).toMatch(/^(1[3-9]\d{9}|\+[1-9]\d{6,14})$/)
          expect(normalizeMobile(mobile)).toBe(mobile)
        } catch (error) {
          expect(error).toMatchObject({ code: 'ERR_INVALID_PARAM' })
        }
      }),
      fcParameters(500)
    )
  })
})

describe('inspectText', () => {
  it.each([
    [1, 1],
    [70, 1],
    [71, 2],
    [134, 2],
    [135, 3],
    [201, 3],
    [202, 4]
  ])('%i characters are %i segments', (length, segments) => {
    const text = `【云片】${'字'.repeat(Math.max(0, length - 4))}`.slice(0, length)
    expect(inspectText(text)).toMatchObject({ length, segments, blockedCharacters: [] })
  })

  it('finds the sign', () => {
    expect(inspectText('【云片网】你好').sign).toBe('云片网')
    expect(inspectText('你好【云片网】').sign).toBeUndefined()
    expect(inspectText('【】你好').sign).toBeUndefined()
  })

  it.each([
    ['😀', 'U+1F600'],
    ['𠮷', 'U+20BB7'],
    ['\u200b', 'U+200B'],
    ['\u202e', 'U+202E'],
    ['\ufe0f', 'U+FE0F'],
    ['\ufeff', 'U+FEFF'],
    ['\ue000', 'U+E000'],
    ['\u0000', 'U+0000'],
    ['\ud800', 'U+D800']
  ])('names a character that cannot be sent', (character, codePoint) => {
    expect(inspectText(`【a】b${character}c`).blockedCharacters).toEqual([{ codePoint, index: 4 }])
  })

  it('lets usual text through', () => {
    const text = '【云片网】您的验证码是 1234，５分钟内有效。\r\n\t“Ünïcödé” ¥€£ ㈱ ℃ ～！@#￥%……&*（）'
    expect(inspectText(text).blockedCharacters).toEqual([])
  })
})
