/** What the page says of this lender's columns: the domain package's own tables. */
import page from '../../../layers/credit_scoring/python/credit_scoring/lender/page.json' with { type: 'json' };

export const lender = page;
