// For the staff: `npm run -w examples top-up:unbind -- 13800138000` lets the next WeChat account that proves the number have its account.
import { fileURLToPath } from 'node:url'
import { openDatabase } from '../../shared/database.ts'
import { loadEnvironment } from '../../shared/load-environment.ts'
import { readConfig } from './config.ts'
import { Users } from './models/users.ts'

const [, , mobile = ''] = process.argv
const { DATABASE_URL: url, DATA_FOLDER: folder } = readConfig(loadEnvironment(new URL('../', import.meta.url)))
const migrations = fileURLToPath(new URL('../migrations', import.meta.url))
const database = await openDatabase({ url, folder, migrations })
console.log((await new Users(database.db).unbind(mobile)) ? `${mobile} is unbound` : `no user has ${mobile}`)
await database.close()
