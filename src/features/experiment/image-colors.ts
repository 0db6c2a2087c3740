/** What images may become when they are read, as a choice. */
export const IMAGE_COLORS = [
  { value: '3', label: 'Colour' },
  { value: '1', label: 'Grey' },
];
