/**
 * @internal A `Response` of any three-digit status. The constructor refuses those above 599, which Qiniu uses (612, 614,
 * 631 …) and which arrive over HTTP without trouble.
 */
export function responseWithStatus(
  body: ConstructorParameters<typeof Response>[0],
  init: ResponseInit & { status: number }
): Response {
  if (init.status <= 599) return new Response(body, init)
  const response = new Response(body, { ...init, status: 599 })
  Object.defineProperties(response, {
    status: { value: init.status },
    ok: { value: false },
    clone: { value: () => responseWithStatus(Response.prototype.clone.call(response).body, init) }
  })
  return response
}
