// Builds frontend/build/: app.js and calendar.js (with shared chunks), app.css, calendar.css and the icon.
// `node build.mjs --watch` rebuilds on change.
import { spawn } from 'node:child_process'
import { cpSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))
const out = join(here, 'build')
const watch = process.argv.includes('--watch')

rmSync(out, { recursive: true, force: true })

const scripts = {
  absWorkingDir: here,
  entryPoints: ['src/app.js', 'src/calendar.js'],
  outdir: out,
  bundle: true,
  splitting: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  chunkNames: 'chunk-[hash]',
  legalComments: 'linked',
  logLevel: 'warning',
}

function styles() {
  const tool = createRequire(import.meta.url).resolve('@tailwindcss/cli/package.json')
  const args = [join(dirname(tool), 'dist/index.mjs'), '-i', 'src/app.css', '-o', join(out, 'app.css'), '--minify']
  const child = spawn(process.execPath, watch ? [...args, '--watch=always'] : args, {
    cwd: here,
    stdio: watch ? 'inherit' : ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr?.on('data', (chunk) => (said += chunk))
  return new Promise((resolve, reject) => {
    child.on('exit', (code) => (code ? reject(new Error(said || `tailwindcss ended with ${code}`)) : resolve()))
  })
}

if (watch) {
  const context = await esbuild.context(scripts)
  await context.watch()
  await styles()
} else {
  await Promise.all([esbuild.build(scripts), styles()])
}
cpSync(join(here, 'src/public'), out, { recursive: true })
