import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

import { meaningVariables } from './colors.ts';

/** The one accent: a violet that no meaning uses. */
const accent: MantineColorsTuple = [
  '#f2f1fe',
  '#e0defa',
  '#c3bff2',
  '#a49eec',
  '#8b84e6',
  '#746ce0',
  '#5f57d0',
  '#524ab8',
  '#463f9f',
  '#383283',
];

/** What words stand on: the page, and the hovered or sunken parts of cards. */
export const GROUNDS = {
  light: { page: '#ffffff', sunken: '#f1f3f5' },
  dark: { page: '#242424', sunken: '#2e2e2e' },
} as const;

/** Quiet and warning words; Mantine's own miss WCAG AA on these grounds. */
export const TEXT_COLORS = {
  light: { quiet: '#5a6169', error: '#c02525' },
  dark: { quiet: '#a9abb0', error: '#ff8787' },
} as const;

/** Calm and compact: system fonts, small steps, one accent, thin borders instead of shadows. */
export const theme = createTheme({
  colors: { accent },
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  luminanceThreshold: 0.18,
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif',
  fontFamilyMonospace:
    'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  spacing: { xs: '0.375rem', sm: '0.625rem', md: '0.875rem', lg: '1.25rem', xl: '2rem' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1.125rem', lineHeight: '1.35' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
      h4: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'xs' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300, multiline: true, maw: 280 } },
    TextInput: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs', allowDeselect: false } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Switch: { defaultProps: { size: 'xs' } },
    Slider: { defaultProps: { size: 'sm' } },
  },
});

/** Adds the colours of meanings, and the corrected quiet and warning words, to Mantine's variables. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...meaningVariables('light'),
    '--color-sunken': GROUNDS.light.sunken,
    '--mantine-color-dimmed': TEXT_COLORS.light.quiet,
    '--mantine-color-placeholder': TEXT_COLORS.light.quiet,
    '--mantine-color-error': TEXT_COLORS.light.error,
  },
  dark: {
    ...meaningVariables('dark'),
    '--color-sunken': GROUNDS.dark.sunken,
    '--mantine-color-dimmed': TEXT_COLORS.dark.quiet,
    '--mantine-color-placeholder': TEXT_COLORS.dark.quiet,
    '--mantine-color-error': TEXT_COLORS.dark.error,
  },
});
