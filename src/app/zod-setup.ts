/** zod compiles parsers with `new Function` where it may; the page's Content-Security-Policy forbids that, so it is not tried. */
import { z } from 'zod';

z.config({ jitless: true });
