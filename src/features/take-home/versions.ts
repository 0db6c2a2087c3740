/** What made a file: names and versions, filled in by the build. */
declare const __LAB_VERSION__: string;
declare const __TFJS_VERSION__: string;

export function versions(): Record<string, string> {
  return {
    backdoor_lab: __LAB_VERSION__,
    tensorflow_js: __TFJS_VERSION__,
    browser: navigator.userAgent,
  };
}
