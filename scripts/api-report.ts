// Writes the public interface of each entry point to etc/<entry>.api.md; `--check` fails when one of them is stale.
// Run after `npm run build`.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor'
import { ENTRY_POINTS } from '../tsup.config.ts'

const root = new URL('..', import.meta.url).pathname
const isCheck = process.argv.includes('--check')
const temp = mkdtempSync(join(tmpdir(), 'api-report-'))
mkdirSync(join(root, 'etc'), { recursive: true })

let stale = 0
for (const name of Object.keys(ENTRY_POINTS).filter((entry) => entry !== 'cli')) {
  const extractorConfig = ExtractorConfig.prepare({
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: join(root, `dist/${name}.d.ts`),
      compiler: { tsconfigFilePath: join(root, 'tsconfig.json'), skipLibCheck: true },
      apiReport: {
        enabled: true,
        reportFolder: join(root, 'etc'),
        reportTempFolder: temp,
        reportFileName: `${name}.api.md`
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } }
      }
    },
    configObjectFullPath: join(root, 'api-extractor.json'),
    packageJsonFullPath: join(root, 'package.json')
  })
  const result = Extractor.invoke(extractorConfig, {
    localBuild: !isCheck,
    messageCallback: (message) => {
      message.handled = true
    }
  })
  const report = join(root, `etc/${name}.api.md`)
  if (isCheck && (result.apiReportChanged || !existsSync(report))) {
    stale++
    console.error(`etc/${name}.api.md is stale`)
  } else {
    console.log(`etc/${name}.api.md (${readFileSync(report, 'utf8').split('\n').length} lines)`)
  }
}
rmSync(temp, { recursive: true })
if (stale > 0)
  throw new Error('The public interface changed: run `npm run build && npm run api`, read the difference, commit it.')
