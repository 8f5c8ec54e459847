import { NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { AppModule } from './app.module.js'

async function start() {
  const adapter = process.env.PLATFORM === 'fastify' ? new FastifyAdapter() : new ExpressAdapter()
  const app = await NestFactory.create(AppModule, adapter, { rawBody: true, logger: ['error', 'warn'] })
  app.setGlobalPrefix('api')
  await app.listen(Number(process.env.PORT), '127.0.0.1')
}
start()
