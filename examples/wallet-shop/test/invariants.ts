interface Queryable {
  query<Row extends object>(text: string): Promise<Row[]>
}

/** What must be true of the money at every moment: each query finds the rows that break it. */
const INVARIANTS: Readonly<Record<string, string>> = {
  'a purse is the sum of its ledger': `
    select u.id, u.balance, u.coupon,
      coalesce(sum(l.money) filter (where l.purse = 0), 0) as sum_balance,
      coalesce(sum(l.money) filter (where l.purse = 1), 0) as sum_coupon
    from users u left join ledgers l on l.user_id = u.id group by u.id
    having u.balance <> coalesce(sum(l.money) filter (where l.purse = 0), 0)
      or u.coupon <> coalesce(sum(l.money) filter (where l.purse = 1), 0)`,
  'no purse is negative': 'select id from users where balance < 0 or coupon < 0',
  'each row says what was left, one after the other': `
    select * from (
      select id, balance_after, sum(money) over (partition by user_id, purse order by id) as running from ledgers
    ) rows where balance_after <> running`,
  'each paid top-up is in the ledger once, with its bonus': `
    select o.payment_id from payment_orders o
      left join ledgers r on r.reference = 'pay:' || o.payment_id || ':0'
      left join ledgers b on b.reference = 'pay:' || o.payment_id || ':1'
    where o.status = 'paid' and (r.money is distinct from o.money or r.kind <> 'recharge' or r.user_id <> o.user_id
      or coalesce(b.money, 0) <> o.charge or coalesce(b.kind, 'bonus') <> 'bonus')`,
  'what was topped up was paid for': `
    select l.reference from ledgers l left join payment_orders o on l.reference like 'pay:' || o.payment_id || ':%'
    where l.kind <> 'purchase' and o.status is distinct from 'paid'`,
  'all of the money adds up': `
    select * from (select
      (select coalesce(sum(money), 0) from payment_orders where status = 'paid') as paid,
      (select coalesce(sum(money), 0) from ledgers where kind = 'recharge') as recharged,
      (select coalesce(sum(charge), 0) from payment_orders where status = 'paid') as promised,
      (select coalesce(sum(money), 0) from ledgers where kind = 'bonus') as given
    ) sums where paid <> recharged or promised <> given`
}

/** The invariants that do not hold, with the rows that break them. */
export async function brokenInvariants(database: Queryable): Promise<string[]> {
  const broken: string[] = []
  for (const [name, text] of Object.entries(INVARIANTS)) {
    const rows = await database.query(text)
    if (rows.length > 0) broken.push(`${name}: ${JSON.stringify(rows.slice(0, 3))}`)
  }
  return broken
}
