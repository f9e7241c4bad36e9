// Publishes a small run to Tailrace from JavaScript: what any load tool has to do, in one file.
//
//   npm ci
//   node publish.mjs --bootstrap 127.0.0.1:9092 --registry http://127.0.0.1:8081 --run my-run
//
// Further options: --topic tailrace.samples, --node js-1, --samples 1000.

import { readFileSync, readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import avro from 'avsc';
import kafkajs from 'kafkajs';

const { values: options } = parseArgs({
  options: {
    bootstrap: { type: 'string', default: '127.0.0.1:9092' },
    registry: { type: 'string', default: 'http://127.0.0.1:8081' },
    topic: { type: 'string', default: 'tailrace.samples' },
    run: { type: 'string', default: `js-${Date.now()}` },
    node: { type: 'string', default: 'js-1' },
    samples: { type: 'string', default: '1000' },
  },
});

const nowMicros = () => Date.now() * 1000;

// 1. The schema. Its files name each other; Avro wants each type spelled out where it is first used.

const files = new URL('../schemas/src/main/avro/', import.meta.url);
const declared = new Map(
  readdirSync(files)
    .filter((name) => name.endsWith('.avsc'))
    .map((name) => JSON.parse(readFileSync(new URL(name, files), 'utf8')))
    .map((type) => [`${type.namespace}.${type.name}`, type]),
);

function spellOut(type, seen) {
  if (Array.isArray(type)) return type.map((branch) => spellOut(branch, seen));
  if (typeof type === 'string') {
    if (!declared.has(type) || seen.has(type)) return type;
    return spellOut(declared.get(type), seen);
  }
  if (type.namespace) seen.add(`${type.namespace}.${type.name}`);
  const copy = { ...type };
  if (type.fields) {
    copy.fields = type.fields.map((field) => ({ ...field, type: spellOut(field.type, seen) }));
  }
  if (type.items) copy.items = spellOut(type.items, seen);
  if (type.values) copy.values = spellOut(type.values, seen);
  return copy;
}

const schema = spellOut('io.tailrace.record.SampleBatch', new Set());
const batchType = avro.Type.forSchema(schema);

// 2. The registry gives the schema the number that every value starts with: magic 0, id, body.

async function schemaId() {
  const subject = encodeURIComponent(`${options.topic}-value`);
  const answer = await fetch(`${options.registry}/subjects/${subject}/versions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({ schema: JSON.stringify(schema) }),
  });
  const text = await answer.text();
  if (!answer.ok) {
    throw new Error(`registering ${subject} at ${options.registry}: ${answer.status} ${text}`);
  }
  return JSON.parse(text).id;
}

function toValue(id, batch) {
  const header = Buffer.alloc(5);
  header.writeInt32BE(id, 1);
  return Buffer.concat([header, batchType.toBuffer(batch)]);
}

// 3. Batches: numbered from 0 without gaps, each saying how many samples came before it.

const epochMicros = nowMicros();
let sequence = 0;
let publishedBefore = 0;

const series = [
  { name: 'GET /', method: 'GET', group: '', tags: {} },
  { name: 'POST /orders/{id}', method: 'POST', group: 'checkout', tags: { region: 'eu' } },
];
// A sample refers to one of these: what was asked for, and how it ended. bytesSent and
// bytesReceived are what the samples' own are counted from; 0 when they are absolute.
const outcomes = [
  { series: 0, status: 200, error: null, bytesSent: 0, bytesReceived: 0 },
  { series: 1, status: 201, error: null, bytesSent: 0, bytesReceived: 0 },
  { series: 1, status: 503, error: 'http_503', bytesSent: 0, bytesReceived: 0 },
];

/** samples: {outcome, endMicros, latencyMicros, bytesSent, bytesReceived}, as columns. */
function batch(samples, { joined = null, left = null } = {}) {
  const baseMicros = samples.length > 0 ? samples[0].endMicros : nowMicros();
  const made = {
    run: options.run,
    node: options.node,
    epochMicros,
    sequence: sequence++,
    publishedBefore,
    droppedSamples: 0,
    sentMicros: nowMicros(),
    // A promise: nothing that ended earlier will follow.
    watermarkMicros: Math.max(baseMicros, ...samples.map((sample) => sample.endMicros)),
    joined,
    left,
    health: null,
    series,
    outcomes,
    baseMicros,
    outcome: samples.map((sample) => sample.outcome),
    // Each end is the difference to the one before.
    endMicros: samples.map(
      (sample, i) => sample.endMicros - (i === 0 ? baseMicros : samples[i - 1].endMicros),
    ),
    latencyMicros: samples.map((sample) => sample.latencyMicros),
    // An empty column: nothing was late, and nothing is known of first bytes and connections.
    delayMicros: [],
    bodyMicros: [],
    connectMicros: [],
    bytesSent: samples.map((sample) => sample.bytesSent),
    bytesReceived: samples.map((sample) => sample.bytesReceived),
  };
  publishedBefore += samples.length;
  return made;
}

const description = {
  testName: 'javascript-example',
  environment: 'example',
  version: '1.0',
  tags: { language: 'javascript' },
  mode: 'LIVE',
  gitCommit: null,
  gitBranch: null,
  expectedNodes: 1,
  plan: null,
  objectives: [],
  reportUrl: null,
};

// A load tool would measure these.
function madeUpSamples(count) {
  const first = nowMicros() - count;
  return Array.from({ length: count }, (_, i) => ({
    outcome: i % 10 === 9 ? 2 : i % 2,
    endMicros: first + i,
    latencyMicros: 1000 + i,
    bytesSent: 120,
    bytesReceived: i % 500,
  }));
}

// 4. Kafka. The key is the run, and must be put into the partition that Java's clients choose:
//    murmur2 of the key, which is what kafkajs does since version 2.

const kafka = new kafkajs.Kafka({
  clientId: options.node,
  brokers: options.bootstrap.split(','),
  logLevel: kafkajs.logLevel.ERROR,
});
const producer = kafka.producer({
  createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  idempotent: true,
  maxInFlightRequests: 1,
  allowAutoTopicCreation: false,
});

const id = await schemaId();
await producer.connect();
try {
  const samples = madeUpSamples(Number(options.samples));
  const half = Math.ceil(samples.length / 2);
  for (const next of [
    batch(samples.slice(0, half), { joined: description }),
    batch(samples.slice(half)),
    batch([], { left: { reason: 'DONE', message: 'all sent' } }),
  ]) {
    const [written] = await producer.send({
      topic: options.topic,
      acks: -1,
      messages: [{ key: options.run, value: toValue(id, next) }],
    });
    console.log(
      `batch ${next.sequence}: ${next.outcome.length} samples, partition ${written.partition}`,
    );
  }
} finally {
  await producer.disconnect();
}
