/** How ε can be counted. */
export const ACCOUNTANTS = ['rdp', 'prv'] as const;
export type AccountantName = (typeof ACCOUNTANTS)[number];
