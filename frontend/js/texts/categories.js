/** Words for the contract's categories, in both languages: the same table as the API's. */
import table from '../../../layers/credit_scoring/python/credit_scoring/lender/category_words.json' with { type: 'json' };

export const words = table;
