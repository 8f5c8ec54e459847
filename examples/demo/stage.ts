import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSimulator, type Simulator } from 'weixin-kit/simulator'
import { boilerplate as boilerplateApp } from '../boilerplate/src/boilerplate.ts'
import { businessCard as businessCardApp } from '../business-card/src/business-card.ts'
import { officialSite as officialSiteApp } from '../official-site/src/official-site.ts'
import { startApp } from '../shared/app.ts'
import { freePort } from '../shared/free-port.ts'
import type { Upstream } from '../shared/upstream.ts'
import { topUp as topUpApp } from '../top-up/src/top-up.ts'
import { walletShop as walletShopApp } from '../wallet-shop/src/wallet-shop.ts'

/** What the demo plays on: a simulator and the apps, all on free loopback ports. */
export interface Stage {
  simulator: Simulator
  simulatorUrl: string
  officialSite: string
  boilerplate: string
  walletShop: string
  topUp: string
  businessCard: string
  adminPassword: string
  close(): Promise<void>
}

export async function openStage(): Promise<Stage> {
  const ports = await Promise.all(Array.from({ length: 5 }, freePort))
  const [sitePort, boilerplatePort, shopPort, topUpPort, cardPort] = ports
  const officialSite = `http://127.0.0.1:${sitePort}`
  const boilerplate = `http://127.0.0.1:${boilerplatePort}`
  const walletShop = `http://127.0.0.1:${shopPort}`
  const topUp = `http://127.0.0.1:${topUpPort}`
  const businessCard = `http://127.0.0.1:${cardPort}`
  const adminPassword = process.env.ADMIN_PASSWORD ?? randomBytes(9).toString('base64url')
  const simulator = createSimulator({
    deliver: { gateway: `${boilerplate}/boilerplate/api/v1/wechat-mp/gateway` },
    requireClientCertificate: true
  })
  const [plain, secure] = await Promise.all([simulator.listen({ control: true }), simulator.listen({ tls: true })])
  const upstream: Upstream = {
    target: { simulator: plain.url },
    // Refunds and payouts show the merchant's certificate.
    payTarget: { simulator: secure.url },
    credentials: simulator.credentials,
    simulator,
    controlUrl: `${plain.url}/`,
    close: async () => undefined
  }
  const folder = mkdtempSync(join(tmpdir(), 'weixin-kit-demo-'))
  const CA_CERTS_PATH = join(folder, 'ca.pem')
  writeFileSync(CA_CERTS_PATH, simulator.certificateAuthority)
  const DATA_FOLDER = 'memory://'
  const apps = await Promise.all([
    startApp(
      officialSiteApp,
      { PORT: `${sitePort}`, PUBLIC_URL: officialSite, DATA_FOLDER, CA_CERTS_PATH, ADMIN_PASSWORD: adminPassword },
      upstream
    ),
    startApp(boilerplateApp, { PORT: `${boilerplatePort}`, PUBLIC_URL: boilerplate, DATA_FOLDER }, upstream),
    startApp(walletShopApp, { PORT: `${shopPort}`, PUBLIC_URL: walletShop, DATA_FOLDER }, upstream),
    startApp(topUpApp, { PORT: `${topUpPort}`, PUBLIC_URL: topUp, DATA_FOLDER }, upstream),
    startApp(
      businessCardApp,
      { PORT: `${cardPort}`, PUBLIC_URL: businessCard, DATA_FOLDER, ADMIN_PASSWORD: adminPassword },
      upstream
    )
  ])
  return {
    simulator,
    simulatorUrl: plain.url,
    officialSite,
    boilerplate,
    walletShop,
    topUp,
    businessCard,
    adminPassword,
    close: async () => {
      await Promise.all(apps.map((app) => app.close()))
      await simulator.close()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
