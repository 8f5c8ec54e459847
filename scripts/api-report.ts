// Writes the public interface of each entry point to etc/<entry>.api.md, or of those that are named: `npm run api -- mp pay`.
// `--check` fails when one of them is stale.
// Reads the declarations that the compiler writes for each source, so that nothing has to be bundled.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor'
import { writeDeclarations } from './support/declarations.ts'
import { declarationOf, ENTRY_POINTS } from './support/entry-points.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const isCheck = process.argv.includes('--check')
const only = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const temp = mkdtempSync(join(tmpdir(), 'api-report-'))
mkdirSync(join(root, 'etc'), { recursive: true })

writeDeclarations()
let stale = 0
for (const [name, source] of Object.entries(ENTRY_POINTS)) {
  if (only.length > 0 && !only.includes(name)) continue
  const extractorConfig = ExtractorConfig.prepare({
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: declarationOf(source),
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
if (stale > 0) throw new Error('The public interface changed: run `npm run api`, read the difference, commit it.')
