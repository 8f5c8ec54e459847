// Programs of other languages and HTTP clients of Node.js call the real hosts, and the simulator responds: by `run`, by the forward
// proxy (programs on Node.js, which reads no variables before 22.21, by the Debian package proxychains4), and in Node.js by the preload alone. Run by .ci/world after a build; names as arguments take those programs only.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSimulator } from '../dist/simulator.js'
import { CLI, preloadVariables, proxychains, proxyVariables, startSimulator } from './support/ways-in.mjs'

const folder = mkdtempSync(join(tmpdir(), 'foreign-programs-'))
const { credentials } = createSimulator()
const { appId, appSecret } = credentials.officialAccount
const token = (secret) => `grant_type=client_credential&appid=${appId}&secret=${secret}`

/** Address and what must be in `status body`. */
const STEPS = [
  ['https://api.weixin.qq.com/cgi-bin/getcallbackip', '"errcode":41001'],
  [`https://api.weixin.qq.com/cgi-bin/token?${token(appSecret)}`, '"access_token"'],
  [`https://api.weixin.qq.com/cgi-bin/token?${token('wrong')}`, '"errcode":40125'],
  [
    `https://api.weixin.qq.com/sns/jscode2session?appid=${appId}&secret=${appSecret}&js_code=x&grant_type=authorization_code`,
    '"errcode":400'
  ],
  ['https://api.weixin.qq.com/datacube/getusersummary', 'not simulated'],
  ['https://api2.weixin.qq.com/cgi-bin/get_api_domain_ip', '"errcode":41001'],
  ['https://res.wx.qq.com/open/js/jweixin-1.6.0.js', 'WeixinJSBridge'],
  ['https://api.mch.weixin.qq.com/v3/certificates', '401'],
  [`https://uc.qiniuapi.com/v4/query?ak=${credentials.qiniu.accessKey}&bucket=${credentials.qiniu.bucket}`, '"hosts"'],
  [`https://api.geetest.com/register.php?gt=${credentials.geetest.captchaId}&json_format=1`, '"challenge"'],
  ['https://sms.yunpian.com/simulator/inbox/13800138000', '200'],
  ['http://api.weixin.qq.com/cgi-bin/getcallbackip', '"errcode":41001']
]

/** Each takes addresses as arguments and prints `status body` on one line for each. */
const SOURCES = {
  'by-urllib.py': `import sys, urllib.request, urllib.error
for url in sys.argv[1:]:
    try: answer = urllib.request.urlopen(urllib.request.Request(url, headers={'Accept': '*/*', 'User-Agent': 'python'}))
    except urllib.error.HTTPError as error: answer = error
    print(answer.status, answer.read().decode('utf8', 'replace').replace('\\n', ' '))
`,
  'by-requests.py': `import sys, requests
for url in sys.argv[1:]:
    answer = requests.get(url)
    print(answer.status_code, answer.text.replace('\\n', ' '))
`,
  'curl.php': `<?php foreach (array_slice($argv, 1) as $url) {
  $curl = curl_init($url);
  curl_setopt_array($curl, [CURLOPT_RETURNTRANSFER => true, CURLOPT_USERAGENT => 'php', CURLOPT_HTTPHEADER => ['Accept: */*']]);
  $body = curl_exec($curl);
  echo curl_getinfo($curl, CURLINFO_HTTP_CODE), ' ', str_replace("\\n", ' ', $body === false ? curl_error($curl) : $body), "\\n";
}
`,
  'Program.java': `import java.net.*; import java.net.http.*;
public class Program { public static void main(String[] urls) throws Exception {
  var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  for (var url : urls) {
    var answer = client.send(HttpRequest.newBuilder(URI.create(url)).header("Accept", "*/*").header("User-Agent", "java").build(), HttpResponse.BodyHandlers.ofString());
    System.out.println(answer.statusCode() + " " + answer.body().replace("\\n", " "));
  }
} }
`,
  'curl.sh': `for url in "$@"; do curl -sS -A curl -w ' %{http_code}' "$url" | tr '\\n' ' '; echo; done
`,
  'clients.mjs': `import { createRequire } from 'node:module'
import https from 'node:https'
import http from 'node:http'
const require = createRequire(${JSON.stringify(import.meta.url)})
const headers = { accept: '*/*', 'user-agent': 'node' }
const raw = (agents) => (url) => new Promise((resolve, reject) => {
  const { get } = url.startsWith('https') ? https : http
  get(url, { headers, agent: url.startsWith('https') ? agents.https : agents.http }, (answer) => {
    let text = ''
    answer.on('data', (chunk) => { text += chunk })
    answer.on('end', () => resolve([answer.statusCode, text]))
  }).on('error', reject)
})
const text = (value) => typeof value === 'string' ? value : JSON.stringify(value)
const CLIENTS = {
  https: () => raw({}),
  agent: () => raw({ https: new https.Agent({ keepAlive: true }), http: new http.Agent({ keepAlive: true }) }),
  fetch: () => async (url) => { const answer = await fetch(url, { headers }); return [answer.status, await answer.text()] },
  undici: () => { const { request, Agent } = require('undici'); const dispatcher = new Agent(); return async (url) => { const answer = await request(url, { headers, dispatcher }); return [answer.statusCode, await answer.body.text()] } },
  axios: () => { const axios = require('axios'); return async (url) => { const answer = await axios.get(url, { headers, proxy: false, validateStatus: () => true, transformResponse: (body) => body }); return [answer.status, text(answer.data)] } },
  superagent: () => { const agent = require('superagent'); return async (url) => { const answer = await agent.get(url).set(headers).ok(() => true).buffer(true); return [answer.status, answer.text ?? ''] } },
  urllib: () => { const { request } = require('urllib'); return async (url) => { const answer = await request(url, { headers, dataType: 'text' }); return [answer.status, answer.data] } }
}
const call = CLIENTS[process.argv[2]]()
for (const url of process.argv.slice(3)) {
  const [status, body] = await call(url)
  console.log(status + ' ' + body.replaceAll('\\n', ' '))
}
process.exit()
`
}
for (const [name, source] of Object.entries(SOURCES)) writeFileSync(join(folder, name), source)
const at = (name) => join(folder, name)
const NODE = ['https', 'agent', 'fetch', 'undici', 'axios', 'superagent', 'urllib']
const has = (command, ...args) => spawnSync(command, args).status === 0

const PROGRAMS = {
  curl: { command: ['sh', at('curl.sh')], needs: () => has('curl', '--version') },
  'Python urllib': { command: ['python3', at('by-urllib.py')], needs: () => has('python3', '--version') },
  'Python requests': {
    command: ['python3', at('by-requests.py')],
    needs: () => has('python3', '-c', 'import requests')
  },
  'PHP curl': {
    command: ['php', at('curl.php')],
    needs: () => has('php', '-r', 'exit(function_exists("curl_init") ? 0 : 1);')
  },
  'Java HttpClient': { command: ['java', at('Program.java')], needs: () => has('java', '-version') },
  ...Object.fromEntries(
    NODE.map((name) => [
      `Node.js ${name}`,
      { command: ['node', at('clients.mjs'), name], isNode: true, needs: () => true }
    ])
  )
}

const urls = STEPS.map(([url]) => url)
let steps = 0
let failures = 0

function judge(program, way, output) {
  const lines = output.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('Picked up'))
  for (const [i, [url, expected]] of STEPS.entries()) {
    steps++
    if (lines[i]?.includes(expected)) continue
    failures++
    console.log(`FAILED ${program} by ${way}: ${url}\n  expected ${expected}, got ${lines[i]?.slice(0, 200)}`)
  }
}

const simulator = await startSimulator(folder)
const byProxy = { ...process.env, ...proxyVariables(simulator) }
const byPreload = { ...process.env, ...preloadVariables(simulator) }
const chains = proxychains(simulator)
const byChains = { ...process.env, ...chains.env }
const names = process.argv.slice(2)
for (const [name, { command, isNode, needs }] of Object.entries(PROGRAMS)) {
  if (names.length > 0 && !names.includes(name)) continue
  if (!needs()) {
    console.log(`SKIPPED ${name}: not on this machine`)
    continue
  }
  const [program, ...args] = command
  const run = (path, all, env) => spawnSync(path, all, { encoding: 'utf8', env, maxBuffer: 64 * 1024 * 1024 }).stdout
  judge(name, 'run', run('node', [CLI, 'run', '--', program, ...args, ...urls], process.env))
  if (!isNode) {
    judge(name, 'proxy', run(program, [...args, ...urls], byProxy))
    continue
  }
  judge(name, 'preload', run(program, [...args, ...urls], byPreload))
  const [wrapper, ...options] = chains.command
  judge(name, 'proxychains4', run(wrapper, [...options, program, ...args, ...urls], byChains))
}
simulator.stop()
rmSync(folder, { recursive: true, force: true })
console.log(`${steps - failures} of ${steps} steps passed.`)
process.exitCode = failures === 0 ? 0 : 1
