// An order's life with amazon-sp-api. Its addresses are fixed, so its connections are led to the server.
import {SellingPartner} from 'amazon-sp-api';
import {agentFor, readTold, since, waitFor} from './told.mjs';

const told = await readTold();
const client = new SellingPartner({
  region: 'fe',
  refresh_token: told.refresh_token,
  credentials: {
    SELLING_PARTNER_APP_CLIENT_ID: told.client_id,
    SELLING_PARTNER_APP_CLIENT_SECRET: told.client_secret,
  },
  options: {https_proxy_agent: agentFor(told.endpoint), auto_request_throttled: false},
});
const call = (endpoint, operation, more) => client.callAPI({endpoint, operation, ...more});
const [feeds, reports] = [{version: '2021-06-30'}, {version: '2021-06-30'}];
const contentType = 'text/xml; charset=UTF-8';
const marketplace = 'A1VC38T7YXB528';

const {destinationId} = await call('notifications', 'createDestination', {
  body: {name: 'tests', resourceSpecification: {sqs: {arn: told.arn}}},
});
for (const notificationType of told.notificationTypes) {
  await call('notifications', 'createSubscription', {
    path: {notificationType},
    body: {payloadVersion: '1.0', destinationId},
  });
}

const {Orders: listed} = await call('orders', 'getOrders', {
  query: {MarketplaceIds: [marketplace], CreatedAfter: since},
});
const orders = listed.map((order) => order.AmazonOrderId);

const document = await call('feeds', 'createFeedDocument', {body: {contentType}, options: feeds});
await client.upload(document, {content: told.feed, contentType});
const {feedId} = await call('feeds', 'createFeed', {
  body: {feedType: told.feedType, marketplaceIds: [marketplace], inputFeedDocumentId: document.feedDocumentId},
  options: feeds,
});
const feed = await waitFor(async () => {
  const found = await call('feeds', 'getFeed', {path: {feedId}, options: feeds});
  return found.processingStatus === 'DONE' && found;
});
const found = await call('feeds', 'getFeedDocument', {
  path: {feedDocumentId: feed.resultFeedDocumentId},
  options: feeds,
});
const result = await client.download(found);

const path = {orderId: told.orderId};
const getStatus = async () => (await call('orders', 'getOrder', {path})).OrderStatus;
const before = await getStatus();
const {OrderItems: items} = await call('orders', 'getOrderItems', {path});
const orderItems = items.map((item) => ({orderItemId: item.OrderItemId, quantity: item.QuantityOrdered}));
const confirm = (packageReferenceId) =>
  call('orders', 'confirmShipment', {
    path,
    body: {marketplaceId: marketplace, packageDetail: {...told.package, orderItems, packageReferenceId}},
  });
await confirm('1');
const after = await getStatus();
const refused = await confirm('2').catch((error) => error.code);

const {reportId} = await call('reports', 'createReport', {
  body: {reportType: told.reportType, marketplaceIds: [marketplace], dataStartTime: since},
  options: reports,
});
const {reportDocumentId} = await waitFor(async () => {
  const made = await call('reports', 'getReport', {path: {reportId}, options: reports});
  return made.processingStatus === 'DONE' && made;
});
const report = await client.download(
  await call('reports', 'getReportDocument', {path: {reportDocumentId}, options: reports}),
);
console.log(JSON.stringify({orders, feedId, result, statuses: [before, after], refused, report}));
