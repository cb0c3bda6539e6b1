// An order's life with @sp-api-sdk. Its token address is fixed, so connections to it are led to the server.
import https from 'node:https';
import {AuthorizationScope, SellingPartnerApiAuth} from '@sp-api-sdk/auth';
import {FeedsApiClient} from '@sp-api-sdk/feeds-api-2021-06-30';
import {NotificationsApiClient} from '@sp-api-sdk/notifications-api-v1';
import {OrdersApiClient} from '@sp-api-sdk/orders-api-v0';
import {ReportsApiClient} from '@sp-api-sdk/reports-api-2021-06-30';
import {agentFor, readTold, since, waitFor} from './told.mjs';

const told = await readTold();
https.globalAgent = agentFor(told.endpoint);
const application = {clientId: told.client_id, clientSecret: told.client_secret};
const auth = new SellingPartnerApiAuth({...application, refreshToken: told.refresh_token});
const withoutSeller = new SellingPartnerApiAuth({...application, scopes: [AuthorizationScope.NOTIFICATIONS]});
const connect = (Client, granted = auth) => {
  const client = new Client({auth: granted, region: 'fe'});
  client.basePath = told.endpoint;
  client.axios.defaults.baseURL = undefined;
  return client;
};

const [feeds, orders, reports] = [FeedsApiClient, OrdersApiClient, ReportsApiClient].map((Client) => connect(Client));
const [destinations, subscriptions] = [withoutSeller, auth].map((granted) => connect(NotificationsApiClient, granted));
const contentType = 'text/xml; charset=UTF-8';
const marketplaceIds = ['A1VC38T7YXB528'];

const {data: {payload: {destinationId}}} = await destinations.createDestination({
  body: {name: 'tests', resourceSpecification: {sqs: {arn: told.arn}}},
});
for (const notificationType of told.notificationTypes) {
  await subscriptions.createSubscription({notificationType, body: {payloadVersion: '1.0', destinationId}});
}

const {data: {payload: {Orders: listed}}} = await orders.getOrders({marketplaceIds, createdAfter: since});

const {data: document} = await feeds.createFeedDocument({body: {contentType}});
const put = await fetch(document.url, {method: 'PUT', body: told.feed, headers: {'Content-Type': contentType}});
if (put.status !== 200) {
  throw new Error(await put.text());
}

const {data: {feedId}} = await feeds.createFeed({
  body: {feedType: told.feedType, marketplaceIds, inputFeedDocumentId: document.feedDocumentId},
});
const feed = await waitFor(async () => {
  const {data} = await feeds.getFeed({feedId});
  return data.processingStatus === 'DONE' && data;
});
const {data: found} = await feeds.getFeedDocument({feedDocumentId: feed.resultFeedDocumentId});
const result = await (await fetch(found.url)).text();

const {orderId} = told;
const getStatus = async () => (await orders.getOrder({orderId})).data.payload.OrderStatus;
const before = await getStatus();
const {data: {payload: {OrderItems: items}}} = await orders.getOrderItems({orderId});
const orderItems = items.map((item) => ({orderItemId: item.OrderItemId, quantity: item.QuantityOrdered}));
const confirm = (packageReferenceId) =>
  orders.confirmShipment({
    orderId,
    payload: {
      marketplaceId: marketplaceIds[0],
      packageDetail: {...told.package, orderItems, packageReferenceId},
    },
  });
await confirm('1');
const after = await getStatus();
const refused = await confirm('2').catch((error) => error.response.data.errors[0].code);

const {data: {reportId}} = await reports.createReport({
  body: {reportType: told.reportType, marketplaceIds, dataStartTime: since},
});
const {reportDocumentId} = await waitFor(async () => {
  const {data} = await reports.getReport({reportId});
  return data.processingStatus === 'DONE' && data;
});
const {data: made} = await reports.getReportDocument({reportDocumentId});
const report = await (await fetch(made.url)).text();
const ids = listed.map((order) => order.AmazonOrderId);
console.log(JSON.stringify({orders: ids, feedId, result, statuses: [before, after], refused, report}));
