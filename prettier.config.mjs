export default {
  printWidth: 110,
  singleQuote: true,
  semi: true,
  trailingComma: 'all',
  // Its tables have long cells: without this every row is padded to the longest.
  overrides: [{ files: 'docs/configuration.md', options: { proseWrap: 'never' } }],
};
