import { defineConfig } from 'oxlint';

/** Layers from the bottom up: a folder may import only itself and what stands before it. */
const LAYERS = ['core', 'engine', 'storage', 'workers', 'state', 'ui', 'features', 'app'];

/** `ui` is a design system without domain words: it stands beside the domain, not on top of it. */
const UI_FORBIDS = ['engine', 'storage', 'workers', 'state'];

const TENSORFLOW = { group: ['@tensorflow/*'], message: 'Only src/engine imports TensorFlow.js.' };

/** A relative path into one of these folders of src, from another of its folders. */
const into = (folders, message) => ({ regex: `^(\\.\\./)+(${folders.join('|')})/`, message });

function forbidden(layer) {
  const above = [...LAYERS.slice(LAYERS.indexOf(layer) + 1), 'cli'];
  return [
    into(
      above,
      `Imports point down only: ${layer} must not know what stands above it (docs/architecture.md).`,
    ),
    ...(layer === 'ui' ? [into(UI_FORBIDS, 'ui is a design system: it knows no domain.')] : []),
    ...(layer === 'engine' ? [] : [TENSORFLOW]),
  ];
}

const restricted = (files, patterns) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns }] },
});

export default defineConfig({
  plugins: ['eslint', 'typescript', 'unicorn', 'oxc', 'import', 'react'],
  categories: { correctness: 'error' },
  options: { typeAware: true },
  ignorePatterns: [
    'dist',
    'build',
    'public',
    'src/engine/kernels/wasm/assembly',
    'bench/peak/assembly',
    'test-results',
  ],
  rules: {
    'import/no-cycle': ['error', { ignoreExternal: true }],
    'no-restricted-properties': [
      'error',
      { object: 'Math', property: 'random', message: 'Draw from core/rng: every run repeats from its seed.' },
    ],
    'no-console': 'error',
    // Lengths are given to `new Array`; bytes, rows and code points are spread on purpose.
    'unicorn/no-new-array': 'off',
    'unicorn/no-useless-spread': 'off',
    'typescript/no-misused-spread': 'off',
    'typescript/require-array-sort-compare': 'off',
    // Vite makes the default export of `?worker`.
    'import/default': 'off',
    'react/rules-of-hooks': 'error',
  },
  overrides: [
    {
      files: ['**/*.{ts,tsx}'],
      rules: {
        'typescript/ban-ts-comment': 'error',
        'typescript/consistent-type-imports': 'error',
        'typescript/no-empty-object-type': 'error',
        'typescript/no-explicit-any': 'error',
        'typescript/no-misused-promises': 'error',
        'typescript/no-namespace': 'error',
        'typescript/no-require-imports': 'error',
        'typescript/no-unnecessary-type-assertion': 'error',
        'typescript/no-unnecessary-type-constraint': 'error',
        'typescript/no-unsafe-argument': 'error',
        'typescript/no-unsafe-assignment': 'error',
        'typescript/no-unsafe-call': 'error',
        'typescript/no-unsafe-enum-comparison': 'error',
        'typescript/no-unsafe-function-type': 'error',
        'typescript/no-unsafe-member-access': 'error',
        'typescript/no-unsafe-return': 'error',
        'typescript/only-throw-error': 'error',
        'typescript/prefer-promise-reject-errors': 'error',
        'typescript/require-await': 'error',
        'typescript/restrict-plus-operands': 'error',
        'typescript/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
        'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
        'typescript/unbound-method': 'error',
      },
    },
    ...LAYERS.map((layer) => restricted([`src/${layer}/**`], forbidden(layer))),
    restricted(
      ['src/cli/**'],
      [
        into(
          ['app', 'features', 'ui', 'state', 'workers', 'storage'],
          'The command line stands on core and engine alone.',
        ),
        TENSORFLOW,
      ],
    ),
    restricted(['scripts/**', 'e2e/**'], [TENSORFLOW]),
    { files: ['**/*.mjs'], rules: { 'typescript/no-base-to-string': 'off' } },
    { files: ['src/cli/**', 'scripts/**', 'bench/**', 'e2e/**'], rules: { 'no-console': 'off' } },
  ],
});
