import { z } from 'zod'

/** Text of a person, not all of it blank: PostgreSQL keeps no NUL, and WeChat shows no other control character. */
export const words = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^(?=.*\S)[^\p{Cc}\p{Cs}]*$/u)
