/**
 * Preloaded by all processes of a run (NODE_OPTIONS): keeps the code that V8 has made of large CommonJS modules, as Node 22
 * does by itself. Wrangler is 12 MB, and is loaded by hundreds of processes.
 */
const { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } = require('node:fs');
const Module = require('node:module');
const { dirname, join } = require('node:path');
const { Script, constants } = require('node:vm');

/** Characters from which on a module is kept. */
const LARGE = 500_000;

const folder = join(__dirname, '../../../node_modules/.code');
const compile = Module.prototype._compile;

Module.prototype._compile = function (content, filename, ...more) {
  if (content.length < LARGE) return compile.call(this, content, filename, ...more);
  // V8 itself checks no more of the source than its length.
  const name = [filename, content.length, statSync(filename).mtimeMs, process.version].join('_');
  const path = join(folder, name.replaceAll('/', '_').slice(-200));
  const cachedData = existsSync(path) ? readFileSync(path) : undefined;
  const script = new Script(Module.wrap(content.replace(/^#!.*/, '')), {
    filename,
    cachedData,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  if (cachedData === undefined || script.cachedDataRejected)
    process.once('exit', () => write(path, script.createCachedData()));
  const { resolve, cache, extensions } = Module.createRequire(filename);
  const load = Object.assign((id) => this.require(id), {
    resolve,
    cache,
    extensions,
    main: process.mainModule,
  });
  return script.runInThisContext().call(this.exports, this.exports, load, this, filename, dirname(filename));
};

/** Whole or not at all: others may be about to read it. */
function write(path, data) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${path}.${process.pid}`, data);
  renameSync(`${path}.${process.pid}`, path);
}
