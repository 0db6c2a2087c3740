/** Imported first: a Node that is too old ends here with a clear message instead of a syntax error later. */
const MINIMUM = [20, 19];

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < MINIMUM[0] || (major === MINIMUM[0] && minor < MINIMUM[1])) {
  console.error(
    `Backdoor Lab needs Node ${MINIMUM.join('.')} or later; this is ${process.versions.node} (${process.execPath}).\n` +
      'Install a current one from https://nodejs.org, or with a version manager: nvm install 22.',
  );
  process.exit(1);
}
