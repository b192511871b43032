import fc from 'fast-check';

type Code = fc.Arbitrary<string>;

/** A piece of a program: text, and pieces in it. */
const code = (texts: TemplateStringsArray, ...pieces: Code[]): Code =>
  fc.tuple(...pieces).map((values) => String.raw({ raw: texts }, ...values));

const oneOf = (...pieces: readonly string[]): Code => fc.constantFrom(...pieces);
const number = (max: number, min = 0): Code => fc.integer({ min, max }).map(String);
const listed = (piece: Code, max: number): Code =>
  fc.array(piece, { minLength: 1, maxLength: max }).map((all) => all.join(', '));

/** A time, whose fraction is given to it when the program is there as a whole. */
const ms: Code = fc.integer({ min: 1, max: 40 }).map((time) => `<${time}>`);
const flag = oneOf('true', 'false');

/** No two times have one fraction: things of different origin do not happen at once. The fractions are of 16 bits, so that sums are exact. */
function withFractions(program: string): string {
  let serial = 0;
  return program.replace(/<(\d+)>/g, (_, time) => `${Number(time) + ((++serial * 40_503) % 2 ** 16) / 2 ** 16}`);
}

type Piece = 'source' | 'inner' | 'operators' | 'operator' | 'sharing';

/** @param beforeSharing - what stands in front of each operator that shares. */
function grammar(beforeSharing: Code): Readonly<Record<Piece, Code>> {
  return fc.letrec<Record<Piece, string>>((tie) => {
    const [source, inner, operators, operator] = [tie('source'), tie('inner'), tie('operators'), tie('operator')];
    const depth = {
      depthIdentifier: fc.createDepthIdentifier(),
      maxDepth: 4,
      depthSize: 'small',
      withCrossShrink: true,
    } as const;

    /** When something is to happen: once, or several times. */
    const notifier: Code = fc.oneof(depth, code`rx.timer(${ms})`, source);
    const notifiers: Code = fc.oneof(depth, code`rx.interval(${ms}).pipe(rx.take(${number(6, 1)}))`, source);
    const limit: Code = oneOf('', ', 1', ', 2');
    const config: Code = code`{ leading: ${flag}, trailing: ${flag} }`;
    const projected = (name: string, project: Code, withLimit: Code = fc.constant('')): Code =>
      code`rx.${fc.constant(name)}(${project}${withLimit})`;
    const flattened = (project: Code): Code =>
      fc.oneof(
        projected('mergeMap', project, limit),
        ...['concatMap', 'switchMap', 'exhaustMap'].map((name) => projected(name, project)),
      );
    /** What becomes of groups and windows. */
    const flattenedParts: Code = fc.oneof(
      depth,
      flattened(code`(part$) => part$.pipe(${operators})`),
      flattened(code`(part$) => rx.merge(part$.pipe(${operator}), part$.pipe(${operator}))`),
      flattened(code`(part$) => rx.timer(${ms}).pipe(rx.concatMap(() => part$))`),
      code`rx.delay(${ms}), ${flattened(code`(part$) => part$.pipe(${operators})`)}`,
      code`rx.bufferCount(2), rx.mergeMap((parts) => rx.merge(...parts.map((part$) => part$.pipe(${operator}))))`,
      code`rx.pairwise(), rx.mergeMap(([a$, b$]) => rx.merge(a$.pipe(rx.map((x) => [0, x])), b$))`,
    );
    const reset: Code = fc.oneof(flag, code`() => rx.timer(${ms})`);
    const resets: Code = code`resetOnRefCountZero: ${reset}, resetOnComplete: ${reset}, resetOnError: ${reset}`;

    return {
      source: fc.oneof(
        depth,
        code`rx.timer(${ms})`,
        code`rx.interval(${ms}).pipe(rx.take(${number(4, 1)}))`,
        code`rx.timer(${oneOf('0', '<3>', '<20>')}, ${ms}).pipe(rx.take(${number(4, 1)}))`,
        code`rx.of(${number(9)}, ${number(9)})`,
        code`rx.range(${number(5)}, ${number(3)})`,
        code`rx.from([${number(9)}, ${number(9)}, ${number(9)}])`,
        code`rx.scheduled([${number(9)}, ${number(9)}], rx.asyncScheduler)`,
        code`rx.generate({ initialState: ${number(3)}, condition: (x) => x < 5, iterate: (x) => x + 1${oneOf('', ', scheduler: rx.asyncScheduler')} })`,
        oneOf('rx.EMPTY', "rx.throwError(() => new Error('at once'))"),
        code`rx.timer(${ms}).pipe(rx.map(() => { throw new Error('later'); }))`,
        code`rx.concat(rx.interval(${ms}).pipe(rx.take(2)), rx.of(7))`,
        ...['merge', 'concat', 'zip', 'race', 'onErrorResumeNext'].map(
          (name) => code`rx.${fc.constant(name)}(${source}, ${source})`,
        ),
        ...['combineLatest', 'forkJoin'].map((name) => code`rx.${fc.constant(name)}([${source}, ${source}])`),
        code`rx.defer(() => ${source})`,
        code`rx.iif(() => ${flag}, rx.defer(() => ${source}), rx.defer(() => ${source}))`,
        ...Array.from({ length: 4 }, () => code`${source}.pipe(${operators})`),
        oneOf('shared0$', 'shared1$'),
      ),
      inner: code`(x, i) => ${fc.oneof(
        depth,
        code`rx.timer(${ms}).pipe(rx.map(() => x))`,
        oneOf('[x, i]', 'rx.of(x)', 'rx.EMPTY'),
        code`rx.of(x, ${number(9)}).pipe(rx.delay(${ms}))`,
        code`rx.interval(${ms}).pipe(rx.take(3), rx.map((n) => [x, n]))`,
        source,
        source,
        code`rx.of(x).pipe(${operators})`,
      )}`,
      operators: listed(operator, 3),
      operator: fc.oneof(
        depth,
        oneOf(
          ...[
            'rx.map((x, i) => weight(x) + i)',
            'rx.filter((x) => weight(x) % 3 !== 0)',
            'rx.scan((sum, x) => sum + weight(x), 0)',
          ],
          ...[
            'rx.pairwise()',
            'rx.toArray()',
            'rx.distinctUntilChanged((a, b) => weight(a) === weight(b))',
            'rx.skipLast(1)',
            'rx.throwIfEmpty()',
            'rx.defaultIfEmpty(5)',
          ],
          ...[
            'rx.reduce((sum, x) => sum + weight(x), 0)',
            'rx.distinct((x) => weight(x) % 4)',
            'rx.startWith(1)',
            'rx.endWith(2)',
          ],
          ...[
            'rx.takeWhile((x) => weight(x) % 7 !== 6, true)',
            'rx.materialize()',
            'rx.materialize(), rx.dematerialize()',
          ],
          ...['rx.observeOn(rx.asyncScheduler)', 'rx.timeInterval(), rx.map(({ value }) => value)', 'rx.tap({})'],
        ),
        code`rx.map((x) => { if (weight(x) % ${number(6, 3)} === 2) throw new Error('bad ' + weight(x)); return x; })`,
        ...['delay', 'debounceTime', 'auditTime', 'sampleTime'].map((name) => code`rx.${fc.constant(name)}(${ms})`),
        code`rx.throttleTime(${ms}, rx.asyncScheduler, ${config})`,
        code`rx.bufferTime(${ms}${fc.oneof(oneOf('', ', null, 2'), code`, ${ms}`)}), rx.take(8)`,
        code`rx.bufferCount(${number(3, 1)}${oneOf('', ', 1', ', 2')})`,
        code`rx.${oneOf('take', 'takeLast', 'skip')}(${number(4, 1)})`,
        code`rx.${oneOf('repeat', 'retry')}(${number(3, 1)})`,
        code`rx.${oneOf('repeat', 'retry')}({ count: ${number(3, 1)}, delay: ${ms} })`,
        code`rx.timeout({ each: ${ms} })`,
        code`rx.timeout({ first: ${ms}, with: () => ${source} })`,
        code`rx.subscribeOn(rx.asyncScheduler, ${ms})`,
        ...Array.from({ length: 4 }, () => flattened(inner)),
        code`rx.groupBy((x) => weight(x) % ${number(3, 2)}${fc.oneof(
          fc.constant(''),
          code`, { duration: (group$) => ${fc.oneof(code`rx.timer(${ms})`, code`group$.pipe(rx.skip(${number(2)}))`, code`group$.pipe(rx.debounceTime(${ms}))`)} }`,
        )}), ${flattenedParts}`,
        code`rx.windowCount(${number(3, 1)}${oneOf('', ', 1', ', 2')}), ${flattenedParts}`,
        code`rx.windowTime(${ms}${fc.oneof(oneOf('', ', null, 2'), code`, ${ms}`)}), rx.take(6), ${flattenedParts}`,
        code`rx.window(${notifiers}), ${flattenedParts}`,
        code`rx.windowToggle(${notifiers}, () => ${notifier}), ${flattenedParts}`,
        code`rx.windowWhen(() => rx.timer(${ms})), rx.take(6), ${flattenedParts}`,
        code`rx.buffer(${notifiers})`,
        code`rx.bufferToggle(${notifiers}, () => ${notifier})`,
        code`rx.bufferWhen(() => rx.timer(${ms})), rx.take(8)`,
        ...['withLatestFrom', 'takeUntil', 'skipUntil', 'sample'].map(
          (name) => code`rx.${fc.constant(name)}(${notifiers})`,
        ),
        ...['concatWith', 'mergeWith', 'combineLatestWith', 'zipWith', 'raceWith'].map(
          (name) => code`rx.${fc.constant(name)}(${source})`,
        ),
        code`rx.catchError(() => ${source})`,
        code`rx.catchError((_, caught$) => rx.timer(${ms}).pipe(rx.concatMap(() => caught$), rx.take(3)))`,
        code`rx.${oneOf('repeat', 'retry')}({ count: ${number(3, 1)}, delay: () => ${notifier} })`,
        code`rx.${oneOf('repeatWhen', 'retryWhen')}((ends$) => ends$.pipe(rx.take(2), ${operator}))`,
        code`rx.${oneOf('debounce', 'audit', 'delayWhen')}((x, i) => ${notifier})`,
        code`rx.throttle(() => ${notifier}, ${config})`,
        code`rx.expand((x, i) => weight(x) % 4 === 0 || i > 5 ? rx.EMPTY : rx.of(weight(x) + 1).pipe(rx.delay(${ms}))${limit}), rx.take(10)`,
        code`rx.${oneOf('mergeScan', 'switchScan')}((sum, x) => ${source}.pipe(rx.map((y) => sum + weight(y) + weight(x))), 0)`,
        code`rx.${oneOf('connect', 'publish')}((s$) => rx.merge(s$.pipe(${operator}), s$.pipe(${operator})))`,
        code`twice((s$) => ${fc.oneof(
          code`rx.merge(s$.pipe(${operator}), s$)`,
          code`rx.concat(s$.pipe(rx.take(${number(3, 1)})), s$)`,
          code`s$.pipe(rx.${oneOf('repeat', 'retry')}({ count: 2, delay: ${ms} }))`,
          code`s$.pipe(rx.withLatestFrom(s$.pipe(${operator})))`,
          code`rx.race(s$.pipe(${operator}), s$.pipe(${operator}))`,
          code`rx.zip(s$, s$.pipe(${operator}))`,
          code`s$.pipe(rx.takeUntil(s$.pipe(rx.skip(${number(2, 1)}))))`,
        )}, ${beforeSharing}${tie('sharing')})`,
        tie('sharing'),
      ),
      sharing: fc.oneof(
        fc.constant('rx.share()'),
        code`rx.share({ ${resets} })`,
        code`rx.share({ connector: () => new rx.ReplaySubject(${number(3, 1)}${fc.oneof(fc.constant(''), code`, ${ms}`)}), ${resets} })`,
        code`rx.share({ connector: () => new rx.BehaviorSubject(0), resetOnRefCountZero: ${reset} })`,
        code`rx.shareReplay({ bufferSize: ${number(2, 1)}, refCount: ${flag} })`,
        code`rx.shareReplay({ bufferSize: 2, refCount: ${flag}, windowTime: ${ms} })`,
        code`rx.${oneOf('publish()', 'publishReplay(2)', 'publishBehavior(0)', 'publishLast()')}, rx.refCount()`,
      ),
    };
  });
}

/**
 * Random programs. Each is the body of a function of the library `rx`, of `named`, which is `uid`, of `twice`, which gives a
 * function what an operator shares, and of `weight`, which makes a number of a value.
 *
 * @param begin - what the source of a shared part stands in.
 * @param wrap - given what is to be run.
 */
function programsOf(
  { source, operators, sharing }: Readonly<Record<Piece, Code>>,
  begin: (due: string, source$: string) => string,
  wrap: (main: string) => string,
): Code {
  const draw = fc.tuple(
    fc.tuple(ms, source, sharing, ms, source, sharing),
    code`${source}.pipe(${operators})`,
    oneOf('', '', '', 'shared0$', 'shared1$'),
  );
  return draw.map(([[ms0, source0, sharing0, ms1, source1, sharing1], main, beside]) => {
    const part = (i: number, due: string, source$: string, sharing: string): string =>
      `const shared${i}$ = ${begin(due, source$)}.pipe(named('source${i}'), ${sharing}, named('shared${i}'));\n`;
    const end = beside === '' ? '' : `, rx.mergeWith(${beside}.pipe(rx.catchError(() => rx.EMPTY)))`;
    const body = `return ${wrap(`${main}.pipe(rx.take(40)${end})`)};`;
    const used1 = body.includes('shared1$') ? part(1, ms1, source1.replaceAll('shared1$', 'shared0$'), sharing1) : '';
    const used0 = (used1 + body).includes('shared0$')
      ? part(0, ms0, source0.replaceAll(/shared\d\$/g, 'rx.NEVER'), sharing0)
      : '';
    return withFractions(used0 + used1 + body);
  });
}

/** What is shared begins with a timer: what is there at once is subscribed to once where a job starts, and twice in RxJS. */
export const programs: Code = programsOf(
  grammar(code`rx.subscribeOn(rx.asyncScheduler, ${ms}), `),
  (due, source$) => `rx.timer(${due}).pipe(rx.concatMap(() => ${source$}))`,
  (main) => main,
);

/**
 * The same in an inner pipeline that begins within a turn. What is shared may emit while it is subscribed to. Without
 * what is caught and subscribed to again: where that is shared, jobs refuse it, and another `catchError` may hide that.
 */
export const programsWithinTurns: Code = programsOf(
  grammar(fc.constant('')),
  (_, source$) => `rx.defer(() => ${source$})`,
  (main) => `rx.timer(1.03125).pipe(rx.concatMap(() => ${main}))`,
).filter((program) => !program.includes('caught$'));
