// Charts drawn by ECharts from the numbers beside their tables; a click leads to the conversations behind a number.

const ROOT = document.documentElement;
const drawn = [];

function colours() {
  const style = getComputedStyle(ROOT);
  const of = (name) => style.getPropertyValue(name).trim();
  return {
    ink: of("--ink"), soft: of("--soft"), line: of("--line"), surface: of("--surface"), red: of("--red"),
    series: ["--caller", "--bot", "--chart-3", "--chart-4", "--chart-5", "--chart-6"].map(of),
  };
}

const shown = (value, unit) => (value === null || value === undefined ? "—" : `${value}${unit}`);

function series(data, index, name, paint) {
  const line = data.kind === "lines";
  const values = data.values.map((row) => (data.logarithmic && !row[index] ? null : row[index]));
  const one = { name, type: line ? "line" : "bar", data: values, showSymbol: data.labels.length < 32, symbolSize: 7 };
  if (data.kind === "stacked") one.stack = "all";
  if (!line) one.barMaxWidth = 34;
  if (data.limit && index === 0) {
    one.markLine = {
      silent: true, symbol: "none", data: [{ yAxis: data.limit }],
      lineStyle: { color: paint.red, type: "dashed" },
      label: { formatter: `${data.limitName} ${data.limit}`, color: paint.red, position: "insideEndTop" },
    };
  }
  return one;
}

function option(data, paint) {
  const names = { type: "category", data: data.labels, axisLabel: { color: paint.soft }, axisLine: { lineStyle: { color: paint.line } } };
  const numbers = {
    type: data.logarithmic ? "log" : "value", min: data.logarithmic ? 1 : 0, max: data.logarithmic ? 100000 : undefined,
    axisLabel: { color: paint.soft, formatter: `{value}${data.unit}` }, splitLine: { lineStyle: { color: paint.line } },
  };
  const lying = data.kind === "ranks";
  if (lying) names.inverse = true;
  return {
    animation: false, color: paint.series, backgroundColor: "transparent",
    textStyle: { color: paint.ink, fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 8, right: 20, top: data.series.length > 1 ? 40 : 16, bottom: 8, containLabel: true },
    legend: data.series.length > 1 ? { top: 0, type: "scroll", textStyle: { color: paint.ink }, pageTextStyle: { color: paint.ink } } : undefined,
    // Drawn, not built of HTML: the policy of these pages lets no style attribute through.
    tooltip: {
      trigger: "axis", renderMode: "richText", confine: true, backgroundColor: paint.surface, borderColor: paint.line,
      textStyle: { color: paint.ink }, valueFormatter: (value) => shown(value, data.unit),
    },
    xAxis: lying ? numbers : names,
    yAxis: lying ? names : numbers,
    series: data.series.map((name, index) => series(data, index, name, paint)),
  };
}

function draw(element) {
  const data = JSON.parse(element.dataset.chart);
  if (data.kind === "ranks") element.classList.add(data.labels.length > 6 ? "tall" : "low");
  const chart = echarts.init(element);
  const paint = () => chart.setOption(option(data, colours()), true);
  paint();
  // Anywhere in a place's column or line counts: bars of small numbers are hard to hit.
  const place = ({ offsetX, offsetY }) => {
    if (!chart.containPixel("grid", [offsetX, offsetY])) return undefined;
    const [x, y] = chart.convertFromPixel({ gridIndex: 0 }, [offsetX, offsetY]);
    return data.links[Math.round(data.kind === "ranks" ? y : x)];
  };
  chart.getZr().on("click", (event) => { const link = place(event); if (link) location.assign(link); });
  chart.getZr().on("mousemove", (event) => chart.getZr().setCursorStyle(place(event) ? "pointer" : "default"));
  drawn.push({ chart, paint });
  element.dataset.drawn = "yes";
}

if (window.echarts) {
  for (const element of document.querySelectorAll("[data-chart]")) draw(element);
  addEventListener("resize", () => drawn.forEach(({ chart }) => chart.resize()));
  const again = () => drawn.forEach(({ paint }) => paint());
  new MutationObserver(again).observe(ROOT, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
}
