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

/** This machine only. Browsers try it for `localhost`, whatever else the name stands for. */
const HOME = '127.0.0.1';

/** @returns {{ port: number, host: string, help: boolean } | string} what is wrong, as text */
function readArguments(given) {
  const options = { port: 4173, host: HOME, help: false };
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

/** What keeps us from listening there; null when nothing does. */
function listenError(port, host) {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', resolve);
    server.listen({ port, host }, () => server.close(() => resolve(null)));
  });
}

/** @throws SetupError when the port is taken or not allowed */
async function assertPortIsFree({ port, host }) {
  let error = await listenError(port, host);
  if (error === null && host === HOME) {
    // Another server there would be what a browser finds first; a machine without IPv6 is fine.
    const other = await listenError(port, '::1');
    if (other?.code === 'EADDRINUSE') error = other;
  }
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
  const { local, network } = server.resolvedUrls ?? { local: [], network: [] };
  const urls = [...local, ...network].map((url) => url.replace(`//${HOME}:`, '//localhost:'));
  console.log(`Backdoor Lab is at ${urls.join(' and ')}\nCtrl-C ends it.`);
  await new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, resolve);
  });
  // Browsers keep connections open; they are not waited for.
  void server.close();
  process.exit(0);
}

await mainProgram(main);
