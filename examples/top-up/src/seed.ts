import type { Database } from '../../shared/database.ts'
import { devices } from '../migrations/schema.ts'

const DEVICES = [
  { id: 'A001', province: '广东省', city: '深圳市', area: '南山区', location: '科技园一楼大堂', price_per_minute: 20 },
  {
    id: 'A002',
    province: '广东省',
    city: '深圳市',
    area: '南山区',
    location: '科技园二楼休息区',
    price_per_minute: 30
  },
  { id: 'B001', province: '上海市', city: '上海市', area: '浦东新区', location: '世纪大道地铁站', price_per_minute: 50 }
]

/** Devices to try it with; what the staff changed stays. */
export async function seedDevices(db: Database): Promise<void> {
  await db.insert(devices).values(DEVICES).onConflictDoNothing()
}
