/**
 * Sets everything up and serves the lab on this machine.
 *
 *   npm start [-- --port 4173] [--host [address]]
 */
import './setup/check-node.mjs';
import net from 'node:net';
import { prepare } from './setup/prepare.mjs';
import { ROOT } from './setup/files.mjs';
import { mainProgram, SetupError } from './setup/process.mjs';

const USAGE = `Usage: npm start [-- options]

  --port N         serve on this port (default 4173)
  --host [address] serve other machines too; without an address on all of this machine's
  --help           print this`;

/** @returns {{ port: number, host: string, help: boolean } | string} what is wrong, as text */
function readArguments(given) {
  const options = { port: 4173, host: 'localhost', help: false };
  const rest = given.flatMap((word) =>
    /^--\w+=/.test(word) ? [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)] : [word],
  );
  while (rest.length > 0) {
    const name = rest.shift();
    const value = rest[0] !== undefined && !rest[0].startsWith('-') ? rest.shift() : undefined;
    if (name === '--help' || name === '-h') options.help = true;
    else if (name === '--host') options.host = value ?? '0.0.0.0';
    else if (name === '--port') {
      options.port = /^\d+$/.test(value ?? '') ? Number(value) : Number.NaN;
      if (!(options.port >= 1 && options.port <= 65535))
        return `--port takes a number from 1 to 65535${value === undefined ? '' : `, not ${value}`}.`;
    } else return `There is no option ${name}.`;
  }
  return options;
}

/** @throws SetupError when the port is taken or not allowed */
async function assertPortIsFree({ port, host }) {
  const error = await new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', resolve);
    server.listen({ port, host }, () => server.close(() => resolve(null)));
  });
  if (error === null) return;
  const other = `Choose another one: npm start -- --port ${port === 65535 ? 4173 : port + 1}`;
  const reasons = {
    EADDRINUSE: `Port ${port} is taken: another program (perhaps another lab) listens there.`,
    EACCES: `Port ${port} needs rights that you do not have.`,
    EADDRNOTAVAIL: `This machine has no address ${host}.`,
    ENOTFOUND: `There is no host ${host}.`,
  };
  throw new SetupError(
    `${reasons[error.code] ?? `Port ${port} cannot be used: ${error.message}.`}\n${other}`,
  );
}

async function main() {
  const options = readArguments(process.argv.slice(2));
  if (typeof options === 'string') {
    console.error(`${options}\n\n${USAGE}`);
    return 2;
  }
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  // Before the set-up, which may take minutes.
  await assertPortIsFree(options);
  await prepare({ page: true });
  await assertPortIsFree(options);
  const { preview } = await import('vite');
  const server = await preview({
    root: ROOT,
    logLevel: 'warn',
    preview: { port: options.port, host: options.host, strictPort: true, open: false },
  });
  const urls = [...(server.resolvedUrls?.local ?? []), ...(server.resolvedUrls?.network ?? [])];
  console.log(`Backdoor Lab is at ${urls.join(' and ')}\nCtrl-C ends it.`);
  await new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, resolve);
  });
  // Browsers keep connections open; they are not waited for.
  void server.close();
  process.exit(0);
}

await mainProgram(main);
