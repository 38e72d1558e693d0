// A small app on Slack's own framework for JavaScript: a command, a form that refuses, a card that changes.
// It says "ready" and, over HTTP, its port; it ends with its standard input.
import bolt from "@slack/bolt";

const { SLACK_API_URL, BOT_TOKEN, APP_TOKEN, SIGNING_SECRET, TRANSPORT } = process.env;
const socketMode = TRANSPORT === "socket";
const app = new bolt.App({
  token: BOT_TOKEN,
  clientOptions: { slackApiUrl: SLACK_API_URL },
  ...(socketMode ? { socketMode, appToken: APP_TOKEN } : { signingSecret: SIGNING_SECRET }),
});

const plain = (text) => ({ type: "plain_text", text });
const section = (text) => ({ type: "section", text: { type: "mrkdwn", text } });
const button = (action_id, text) => ({ type: "button", action_id, text: plain(text), value: "1" });
const actions = (...elements) => ({ type: "actions", elements });

app.command("/clear", async ({ command, ack, client }) => {
  await ack();
  const element = { type: "plain_text_input", action_id: "why" };
  const blocks = [{ type: "input", block_id: "why", label: plain("Why"), element }];
  const view = { type: "modal", callback_id: "clear", title: plain("Clear tasks"), submit: plain("Go"), blocks };
  const opened = { ...view, private_metadata: command.channel_id };
  await client.views.open({ trigger_id: command.trigger_id, view: opened });
});

app.view("clear", async ({ view, ack, client }) => {
  const why = view.state.values.why.why.value;
  if (why === "because") {
    await ack({ response_action: "errors", errors: { why: "Say a better reason." } });
    return;
  }
  await ack();
  const blocks = [section(why), actions(button("acknowledge", "Acknowledge"))];
  await client.chat.postMessage({ channel: view.private_metadata, text: why, blocks });
});

app.action("acknowledge", async ({ body, ack, client, respond }) => {
  await ack();
  const text = `Acknowledged by <@${body.user.id}>`;
  await client.chat.update({ channel: body.channel.id, ts: body.message.ts, text, blocks: [section(text)] });
  await respond({ text: "It is yours now.", response_type: "ephemeral", replace_original: false });
});

app.message("ping", async ({ message, say, client }) => {
  await client.reactions.add({ channel: message.channel, timestamp: message.ts, name: "eyes" });
  await say({ text: `pong to ${message.text}`, thread_ts: message.ts });
});

app.event("app_home_opened", async ({ event, client }) => {
  const view = { type: "home", blocks: [section(`Home of <@${event.user}>`)] };
  await client.views.publish({ user_id: event.user, view });
});

const server = await app.start({ port: 0, host: "127.0.0.1" });
console.log("ready", socketMode ? "" : server.address().port);
process.stdin.on("end", () => process.exit()).resume();
