import { effect, type Signal, signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { get } from './api.ts'

/** Counts what happened; topics that are looked at are read again. */
export const changes = signal(0)

const GATHER_MS = 80

/** One topic of the interface, read as long as something shows it. */
class Topic {
  readonly data: Signal<unknown> = signal(undefined)
  readonly #path: string
  #text = ''
  #watchers = 0
  #isLoading = false
  #isStale = false
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(path: string) {
    this.#path = path
  }

  watch(): () => void {
    this.#watchers++
    void this.load()
    return () => {
      this.#watchers--
    }
  }

  get isWatched(): boolean {
    return this.#watchers > 0
  }

  soon(): void {
    if (this.#watchers > 0) this.#timer ??= setTimeout(() => void this.load(), GATHER_MS)
  }

  async load(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#isStale = true
    if (this.#isLoading) return
    this.#isLoading = true
    while (this.#isStale) {
      this.#isStale = false
      try {
        const value = await get<unknown>(this.#path)
        const text = JSON.stringify(value)
        if (text !== this.#text) this.data.value = value
        this.#text = text
      } catch {
        // The simulator is away: what is known stays on the screen, and the stream of events reads it again.
      }
    }
    this.#isLoading = false
  }
}

const topics = new Map<string, Topic>()
const MOST_TOPICS = 60

function topicOf(path: string): Topic {
  let topic = topics.get(path)
  if (!topic) {
    topic = new Topic(path)
    topics.set(path, topic)
    const oldest = [...topics].find(([name, one]) => name !== path && !one.isWatched)
    if (topics.size > MOST_TOPICS && oldest) topics.delete(oldest[0])
  }
  return topic
}

let seen = 0
effect(() => {
  if (changes.value === seen) return
  seen = changes.value
  for (const topic of topics.values()) topic.soon()
})

/** What a topic says now; `undefined` until it was read. */
export function useTopic<T>(path: string | undefined): T | undefined {
  const topic = path === undefined ? undefined : topicOf(path)
  useEffect(() => topic?.watch(), [topic])
  return topic?.data.value as T | undefined
}
