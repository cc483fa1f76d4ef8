/**
 * Every text of the page, French and English, under the same keys (a test holds that).
 *
 * A text with a number or a name in it is a function. Labels of columns and worded reasons come
 * from the API; what the API names by a code (families, risk bands, metrics) is worded here.
 */
import { en } from './en.js';
import { fr } from './fr.js';

export const texts = { fr, en };
