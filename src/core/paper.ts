/** Where a method comes from. */
export interface Paper {
  title: string;
  authors: string;
  year: number;
  url: string;
}
