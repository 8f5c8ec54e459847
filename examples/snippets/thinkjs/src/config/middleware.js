module.exports = [
  { handle: 'meta' },
  // In front of payload: signatures cover the raw bytes.
  { handle: 'wechat' },
  { handle: 'payload' },
  { handle: 'router' },
  { handle: 'logic' },
  { handle: 'controller' }
]
