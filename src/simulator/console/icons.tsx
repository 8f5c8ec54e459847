/** Outlines on a grid of 24. */
const PATHS = {
  chat: 'M4 5h16v11H10l-4 4v-4H4z',
  scan: 'M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M3 12h18',
  pay: 'M7 4l5 7 5-7M12 11v9M8 13h8M8 16.5h8',
  program: 'M12 3l8 4.5v9L12 21l-8-4.5v-9zM12 12l8-4.5M12 12v9M12 12L4 7.5',
  sms: 'M3 6h18v12H3zM3 7l9 7 9-7',
  live: 'M3 12h4l3-8 4 16 3-8h4',
  money: 'M3 7h18v10H3zM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM6 12h.01M18 12h.01',
  services: 'M4 5h16v5H4zM4 14h16v5H4zM7.5 7.5h.01M7.5 16.5h.01',
  faults: 'M12 4l9 16H3zM12 10v4M12 17h.01',
  time: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4l3 2',
  accounts: 'M3 6h18v12H3zM8.5 9a1.7 1.7 0 1 0 .01 0M5.5 15.5c.7-1.9 5.3-1.9 6 0M14.5 10.5h3.5M14.5 13.5h3.5',
  plus: 'M12 5v14M5 12h14',
  close: 'M6 6l12 12M18 6L6 18',
  check: 'M5 12.5l5 5L19.5 7',
  cross: 'M6.5 6.5l11 11M17.5 6.5l-11 11',
  dash: 'M7 12h10',
  copy: 'M8 8h11v12H8zM5 16V4h11',
  link: 'M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1-1',
  eye: 'M2 12s3.5-6 10-6 10 6 10 6-3.5 6-10 6-10-6-10-6zM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z',
  hidden: 'M2 12s3.5-6 10-6 10 6 10 6-3.5 6-10 6-10-6-10-6zM4 4l16 16',
  into: 'M5 12h14M13 6l6 6-6 6',
  outof: 'M19 12H5M11 6l-6 6 6 6',
  pause: 'M8 5v14M16 5v14',
  play: 'M7 5l12 7-12 7z',
  moon: 'M20 14A8 8 0 1 1 10 4a6.5 6.5 0 0 0 10 10z',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6L19 19M19 5l-1.4 1.4M6.4 17.6L5 19',
  phones: 'M4 4h7v16H4zM14 4h7v16h-7z',
  packet: 'M5 4h14v16H5zM5 9c4.5 3.5 9.5 3.5 14 0M12 10v3',
  back: 'M15 5l-7 7 7 7',
  menu: 'M5 7h14M5 12h14M5 17h14'
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  )
}
