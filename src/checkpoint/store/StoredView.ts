/** Which bytes are stored for a typed array or DataView, in the shape that devalue asks for. */
export interface StoredView {
  readonly buffer: ArrayBufferLike;
  readonly byteOffset: number;
  readonly byteLength: number;
  /** In elements. */
  readonly length: number;
  readonly bufferByteLength: number;
}

/**
 * Places the views of one value in the buffers that are stored. A view is stored with the bytes that it shows, not with
 * the whole buffer behind it: a 20-byte piece of a 64 KiB read window costs 20 bytes. Views that overlap stay so.
 *
 * @param wholeBuffers - the buffers that are themselves part of the value, stored as they are, with the views on them.
 */
export function placeViews(
  views: readonly ArrayBufferView[],
  wholeBuffers: ReadonlySet<ArrayBufferLike>,
): Map<ArrayBufferView, StoredView> {
  const placed = new Map<ArrayBufferView, StoredView>();
  for (const [buffer, group] of groupByBuffer(views)) {
    const clusters = wholeBuffers.has(buffer) ? [] : overlapping(group);
    if (wholeBuffers.has(buffer)) for (const view of group) placed.set(view, place(view, buffer, 0));
    for (const cluster of clusters) {
      const { bytes, start } = visibleBytes(cluster);
      for (const view of cluster) placed.set(view, place(view, bytes.buffer, start));
    }
  }
  return placed;
}

function place(view: ArrayBufferView, buffer: ArrayBufferLike, start: number): StoredView {
  const { byteLength } = view;
  return {
    buffer,
    byteOffset: view.byteOffset - start,
    byteLength,
    length: byteLength / elementSize(view),
    bufferByteLength: buffer.byteLength,
  };
}

function elementSize(view: ArrayBufferView): number {
  return (view as Partial<Uint8Array>).BYTES_PER_ELEMENT ?? 1;
}

function groupByBuffer(views: readonly ArrayBufferView[]): Map<ArrayBufferLike, ArrayBufferView[]> {
  const groups = new Map<ArrayBufferLike, ArrayBufferView[]>();
  for (const view of views) {
    const group = groups.get(view.buffer);
    if (group === undefined) groups.set(view.buffer, [view]);
    else group.push(view);
  }
  return groups;
}

function overlapping(views: ArrayBufferView[]): ArrayBufferView[][] {
  const clusters: ArrayBufferView[][] = [];
  let end = -1;
  for (const view of views.sort((a, b) => a.byteOffset - b.byteOffset)) {
    if (view.byteOffset < end) clusters[clusters.length - 1]!.push(view);
    else clusters.push([view]);
    end = Math.max(end, view.byteOffset + view.byteLength);
  }
  return clusters;
}

/** The bytes that a cluster shows, starting where its widest elements are aligned; what none of the views shows is 0. */
function visibleBytes(cluster: readonly ArrayBufferView[]): { bytes: Uint8Array; start: number } {
  const first = cluster[0]!;
  const from = first.byteOffset;
  const end = Math.max(...cluster.map((view) => view.byteOffset + view.byteLength));
  const alignment = Math.max(...cluster.map(elementSize));
  const start = Math.floor(from / alignment) * alignment;
  const bytes = new Uint8Array(end - start);
  bytes.set(new Uint8Array(first.buffer, from, end - from), from - start);
  return { bytes, start };
}
