/** What is used of Fastify. */
interface FastifyLike {
  hasContentTypeParser(type: string): boolean
  addContentTypeParser(
    type: string,
    options: { parseAs: 'buffer' },
    parser: (request: unknown, body: Buffer, done: (error: null, body: Buffer) => void) => void
  ): unknown
}

const XML_TYPES = ['text/xml', 'application/xml']

/** Fastify answers 415 to types that it has no parser for, and WeChat sends XML. Types that the application parses stay its own. */
export function keepXmlBytes(adapter: { getType(): string; getInstance(): unknown } | undefined): void {
  if (adapter?.getType() !== 'fastify') return
  const fastify = adapter.getInstance() as FastifyLike
  for (const type of XML_TYPES) {
    if (fastify.hasContentTypeParser(type)) continue
    fastify.addContentTypeParser(type, { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  }
}
