import { runApp } from '../../shared/run-app.ts'
import { walletShop } from './wallet-shop.ts'

await runApp(walletShop)
