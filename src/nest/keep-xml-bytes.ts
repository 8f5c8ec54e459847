/** The part of Fastify that is used. */
interface FastifyLike {
  hasContentTypeParser(type: string): boolean
  addContentTypeParser(
    type: string,
    options: { parseAs: 'buffer' },
    parser: (request: unknown, body: Buffer, done: (error: null, body: Buffer) => void) => void
  ): unknown
}

const XML_TYPES = ['text/xml', 'application/xml']

/** Fastify responds 415 to types without a parser, and WeChat sends XML. Parsers of the application are left alone. */
export function keepXmlBytes(adapter: { getType(): string; getInstance(): unknown } | undefined): void {
  if (adapter?.getType() !== 'fastify') return
  const fastify = adapter.getInstance() as FastifyLike
  for (const type of XML_TYPES) {
    if (fastify.hasContentTypeParser(type)) continue
    fastify.addContentTypeParser(type, { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  }
}
