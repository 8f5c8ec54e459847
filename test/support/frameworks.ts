import { createRequire } from 'node:module'
import type express from 'express'
import type Koa from 'koa'

const load = createRequire(import.meta.url)

// These come without types of their own: a second version beside the first, and a parser.
export const express4 = load('express4') as typeof express
export const Koa2 = load('koa2') as typeof Koa
export const koaBodyparser = load('koa-bodyparser') as (options?: { enableTypes?: string[] }) => Koa.Middleware
