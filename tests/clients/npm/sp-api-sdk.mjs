// A feed's life with @sp-api-sdk. Its token address is fixed, so connections to it are led to the server.
import https, {Agent} from 'node:https';
import {connect} from 'node:net';
import {SellingPartnerApiAuth} from '@sp-api-sdk/auth';
import {FeedsApiClient} from '@sp-api-sdk/feeds-api-2021-06-30';
import {readTold, waitFor} from './told.mjs';

const told = await readTold();
const server = new URL(told.endpoint);

class LocalAgent extends Agent {
  createConnection() {
    return connect(Number(server.port), server.hostname);
  }
}

https.globalAgent = new LocalAgent();
const auth = new SellingPartnerApiAuth({
  clientId: told.client_id,
  clientSecret: told.client_secret,
  refreshToken: told.refresh_token,
});
const client = new FeedsApiClient({auth, region: 'fe'});
client.basePath = told.endpoint;
client.axios.defaults.baseURL = undefined;
const contentType = 'text/xml; charset=UTF-8';

const {data: document} = await client.createFeedDocument({body: {contentType}});
const put = await fetch(document.url, {method: 'PUT', body: told.feed, headers: {'Content-Type': contentType}});
if (put.status !== 200) {
  throw new Error(await put.text());
}

const {data: {feedId}} = await client.createFeed({
  body: {
    feedType: told.feedType,
    marketplaceIds: ['A1VC38T7YXB528'],
    inputFeedDocumentId: document.feedDocumentId,
  },
});
const feed = await waitFor(async () => {
  const {data} = await client.getFeed({feedId});
  return data.processingStatus === 'DONE' && data;
});
const {data: found} = await client.getFeedDocument({feedDocumentId: feed.resultFeedDocumentId});
const result = await (await fetch(found.url)).text();
const refused = await client.getFeed({feedId: '1'}).catch((error) => error.message);
console.log(JSON.stringify({feedId, result, statuses: [], refused}));
