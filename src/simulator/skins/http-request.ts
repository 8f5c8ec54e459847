import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { clientCertificate } from '../framework/client-certificate.ts'
import type { ClientCertificate, CoreRequest, Transport } from '../framework/exchange.ts'
import { RawHeaders } from '../framework/raw-headers.ts'

/** @internal A request of the loopback server as the core takes it. */
export class HttpRequest implements CoreRequest {
  readonly method: string
  readonly headers: RawHeaders
  readonly body: Uint8Array
  readonly transport: Transport
  readonly receivedTarget: string
  readonly receivedHost: string
  readonly remoteAddress: string | undefined
  readonly clientCertificate: ClientCertificate | undefined
  readonly #response: ServerResponse
  #abort: AbortController | undefined

  constructor(request: IncomingMessage, response: ServerResponse, target: string, body: Uint8Array) {
    const { socket } = request
    const isTls = 'encrypted' in socket
    const peer = isTls ? (socket as TLSSocket).getPeerCertificate(false) : undefined
    this.method = request.method ?? 'GET'
    this.headers = new RawHeaders(request.rawHeaders)
    this.body = body
    this.transport = isTls ? 'https' : 'http'
    this.receivedTarget = target
    this.receivedHost = request.headers.host ?? ''
    this.remoteAddress = socket.remoteAddress
    this.clientCertificate = peer?.raw ? clientCertificate(peer.raw) : undefined
    this.#response = response
  }

  /** It costs more than the rest of a call, so it is made where somebody asks for it. */
  get signal(): AbortSignal {
    if (!this.#abort) {
      const abort = new AbortController()
      const response = this.#response
      if (response.destroyed) abort.abort()
      response.once('close', () => {
        if (!response.writableFinished) abort.abort()
      })
      this.#abort = abort
    }
    return this.#abort.signal
  }
}
