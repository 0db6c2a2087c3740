import js from '@eslint/js';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** Layers from the bottom up: a folder may import only itself and what stands before it. */
const LAYERS = ['core', 'engine', 'storage', 'workers', 'state', 'ui', 'features', 'app'];

/** `ui` is a design system without domain words: it stands beside the domain, not on top of it. */
const UI_FORBIDS = ['engine', 'storage', 'workers', 'state'];

const zones = LAYERS.flatMap((layer, index) =>
  LAYERS.slice(index + 1).map((above) => ({
    target: `./src/${layer}`,
    from: `./src/${above}`,
    message: `Imports point down only: ${layer} must not know ${above} (docs/architecture.md).`,
  })),
).concat(
  UI_FORBIDS.map((below) => ({
    target: './src/ui',
    from: `./src/${below}`,
    message: 'ui is a design system: it knows no domain.',
  })),
  LAYERS.map((layer) => ({
    target: `./src/${layer}`,
    from: './src/cli',
    message: 'Nothing imports the command line.',
  })),
  ['app', 'features', 'ui', 'state', 'workers', 'storage'].map((page) => ({
    target: './src/cli',
    from: `./src/${page}`,
    message: 'The command line stands on core and engine alone.',
  })),
);

const ONLY_ENGINE = {
  patterns: [{ group: ['@tensorflow/*'], message: 'Only src/engine imports TensorFlow.js.' }],
};

export default tseslint.config(
  {
    ignores: [
      'dist',
      'build',
      'public',
      'node_modules',
      'src/engine/kernels/wasm/assembly',
      'bench/peak/assembly',
      'test-results',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [createTypeScriptImportResolver()],
      // Without these no TypeScript file is looked into, and cycles go unseen.
      'import-x/extensions': ['.ts', '.tsx', '.mjs'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
    },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones }],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'no-restricted-imports': ['error', ONLY_ENGINE],
      'no-restricted-properties': [
        'error',
        {
          object: 'Math',
          property: 'random',
          message: 'Draw from core/rng: every run repeats from its seed.',
        },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      'no-console': 'error',
    },
  },
  {
    files: ['src/{app,features,ui,state}/**/*.{ts,tsx}', '**/*.tsx'],
    plugins: { 'react-hooks': reactHooks },
    rules: reactHooks.configs.recommended.rules,
  },
  { files: ['src/engine/**', 'bench/**'], rules: { 'no-restricted-imports': 'off' } },
  { files: ['src/cli/**', 'scripts/**', 'bench/**', 'e2e/**'], rules: { 'no-console': 'off' } },
  {
    files: ['scripts/**/*.mjs', '*.config.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        setTimeout: 'readonly',
        performance: 'readonly',
      },
    },
  },
);
