// The parts of ECharts that the pages draw with. What is not named here is not in the bundle.
import { BarChart, GraphChart, LineChart, MapChart, SankeyChart } from "echarts/charts";
import {
  AriaComponent, GeoComponent, GridComponent, LegendComponent, TooltipComponent, VisualMapComponent,
} from "echarts/components";
import { init, registerMap, use } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";

use([
  BarChart, GraphChart, LineChart, MapChart, SankeyChart, AriaComponent, GeoComponent, GridComponent, LegendComponent,
  TooltipComponent, VisualMapComponent, LabelLayout, SVGRenderer,
]);

export { init, registerMap };
