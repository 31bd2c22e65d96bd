"""Dashboard pages: the charts of a period, and each of them as a file."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.console.audit_log import Action
from bot.console.console import Console
from bot.console.csv_lines import BYTE_ORDER_MARK, csv_line
from bot.console.dashboards.chart import Chart
from bot.console.dashboards.period import Period
from bot.console.gate import note
from bot.console.inbox_filter import CHANNELS
from bot.console.rendering import render


def add_dashboard_pages(router: APIRouter, console: Console) -> None:
    """The page and its files; both read the period from the address."""

    @router.get("/dashboards")
    def dashboards(request: Request) -> Response:
        period = Period.from_query(request.query_params)
        values = {
            "period": period,
            "overview": console.dashboards.overview(period),
            "channels": CHANNELS,
        }
        return render(console, request, "dashboards.html", values)

    @router.get("/dashboards/{chart}.csv")
    def chart_file(request: Request, chart: str) -> Response:
        period = Period.from_query(request.query_params)
        found = console.dashboards.chart(period, chart)
        if found is None:
            return render(console, request, "missing.html", {}, 404)
        name = f"{found.key}.csv"
        asked = {"since": period.since.isoformat(), "until": period.until.isoformat()}
        note(console, request, Action.EXPORTED, name, **asked, channel=period.channel)
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(written(found), media_type="text/csv; charset=utf-8", headers=headers)


def written(chart: Chart) -> str:
    """The chart's table as CSV; numbers without their unit, which stands in the heading."""
    unit = chart.unit.strip()
    head = (chart.columns[0], *(f"{name}（{unit}）" if unit else name for name in chart.columns[1:]))
    rows = ((row.label, *("" if value is None else value for value in row.values)) for row in chart.rows)
    return BYTE_ORDER_MARK + csv_line(head) + "".join(csv_line(row) for row in rows)
