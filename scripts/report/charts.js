// The charts, components and renderer that src/report/page/page.js uses.
import * as core from "echarts/core";
import { BarChart, GraphChart } from "echarts/charts";
import { AriaComponent, GridComponent, TooltipComponent } from "echarts/components";
import { CanvasRenderer } from "echarts/renderers";

core.use([BarChart, GraphChart, AriaComponent, GridComponent, TooltipComponent, CanvasRenderer]);

export const { init } = core;
