// Written by scripts/embed_web.sh.
#include "AviaryWebFiles.h"

static const unsigned char file_api_client_js[] = {
#embed "api/client.js"
};

static const unsigned char file_api_events_js[] = {
#embed "api/events.js"
};

static const unsigned char file_api_openapi_json[] = {
#embed "api/openapi.json"
};

static const unsigned char file_api_types_js[] = {
#embed "api/types.js"
};

static const unsigned char file_app_artifactList_js[] = {
#embed "app/artifactList.js"
};

static const unsigned char file_app_chartToolbar_js[] = {
#embed "app/chartToolbar.js"
};

static const unsigned char file_app_columnPicker_js[] = {
#embed "app/columnPicker.js"
};

static const unsigned char file_app_comparison_js[] = {
#embed "app/comparison.js"
};

static const unsigned char file_app_consoleView_js[] = {
#embed "app/consoleView.js"
};

static const unsigned char file_app_copyBox_js[] = {
#embed "app/copyBox.js"
};

static const unsigned char file_app_element_js[] = {
#embed "app/element.js"
};

static const unsigned char file_app_emptyRuns_js[] = {
#embed "app/emptyRuns.js"
};

static const unsigned char file_app_markdownView_js[] = {
#embed "app/markdownView.js"
};

static const unsigned char file_app_memory_js[] = {
#embed "app/memory.js"
};

static const unsigned char file_app_metricCharts_js[] = {
#embed "app/metricCharts.js"
};

static const unsigned char file_app_metricGroups_js[] = {
#embed "app/metricGroups.js"
};

static const unsigned char file_app_metricTable_js[] = {
#embed "app/metricTable.js"
};

static const unsigned char file_app_model_js[] = {
#embed "app/model.js"
};

static const unsigned char file_app_modelFacts_js[] = {
#embed "app/modelFacts.js"
};

static const unsigned char file_app_models_js[] = {
#embed "app/models.js"
};

static const unsigned char file_app_page_js[] = {
#embed "app/page.js"
};

static const unsigned char file_app_profileView_js[] = {
#embed "app/profileView.js"
};

static const unsigned char file_app_run_js[] = {
#embed "app/run.js"
};

static const unsigned char file_app_runCollection_js[] = {
#embed "app/runCollection.js"
};

static const unsigned char file_app_runColumns_js[] = {
#embed "app/runColumns.js"
};

static const unsigned char file_app_runHeader_js[] = {
#embed "app/runHeader.js"
};

static const unsigned char file_app_runTable_js[] = {
#embed "app/runTable.js"
};

static const unsigned char file_app_runs_js[] = {
#embed "app/runs.js"
};

static const unsigned char file_app_seriesLoader_js[] = {
#embed "app/seriesLoader.js"
};

static const unsigned char file_app_statusChip_js[] = {
#embed "app/statusChip.js"
};

static const unsigned char file_app_tabs_js[] = {
#embed "app/tabs.js"
};

static const unsigned char file_app_theme_js[] = {
#embed "app/theme.js"
};

static const unsigned char file_app_viewState_js[] = {
#embed "app/viewState.js"
};

static const unsigned char file_charts_cursor_js[] = {
#embed "charts/cursor.js"
};

static const unsigned char file_charts_draw_js[] = {
#embed "charts/draw.js"
};

static const unsigned char file_charts_flame_js[] = {
#embed "charts/flame.js"
};

static const unsigned char file_charts_flameChart_js[] = {
#embed "charts/flameChart.js"
};

static const unsigned char file_charts_frame_js[] = {
#embed "charts/frame.js"
};

static const unsigned char file_charts_gestures_js[] = {
#embed "charts/gestures.js"
};

static const unsigned char file_charts_layer_js[] = {
#embed "charts/layer.js"
};

static const unsigned char file_charts_line_js[] = {
#embed "charts/line.js"
};

static const unsigned char file_charts_palette_js[] = {
#embed "charts/palette.js"
};

static const unsigned char file_charts_reading_js[] = {
#embed "charts/reading.js"
};

static const unsigned char file_charts_reduce_js[] = {
#embed "charts/reduce.js"
};

static const unsigned char file_charts_scale_js[] = {
#embed "charts/scale.js"
};

static const unsigned char file_charts_table_js[] = {
#embed "charts/table.js"
};

static const unsigned char file_charts_tooltip_js[] = {
#embed "charts/tooltip.js"
};

static const unsigned char file_icon_svg[] = {
#embed "icon.svg"
};

static const unsigned char file_index_html[] = {
#embed "index.html"
};

static const unsigned char file_model_html[] = {
#embed "model.html"
};

static const unsigned char file_models_html[] = {
#embed "models.html"
};

static const unsigned char file_run_html[] = {
#embed "run.html"
};

static const unsigned char file_styles_base_css[] = {
#embed "styles/base.css"
};

static const unsigned char file_styles_charts_css[] = {
#embed "styles/charts.css"
};

static const unsigned char file_styles_models_css[] = {
#embed "styles/models.css"
};

static const unsigned char file_styles_run_css[] = {
#embed "styles/run.css"
};

static const unsigned char file_styles_runs_css[] = {
#embed "styles/runs.css"
};

static const unsigned char file_styles_tables_css[] = {
#embed "styles/tables.css"
};

static const unsigned char file_text_clientLinks_js[] = {
#embed "text/clientLinks.js"
};

static const unsigned char file_text_console_js[] = {
#embed "text/console.js"
};

static const unsigned char file_text_format_js[] = {
#embed "text/format.js"
};

static const unsigned char file_text_markdown_js[] = {
#embed "text/markdown.js"
};

static const unsigned char file_text_profile_js[] = {
#embed "text/profile.js"
};

static const struct AviaryWebFile files[] = {
    {"api/client.js", file_api_client_js, sizeof file_api_client_js},
    {"api/events.js", file_api_events_js, sizeof file_api_events_js},
    {"api/openapi.json", file_api_openapi_json, sizeof file_api_openapi_json},
    {"api/types.js", file_api_types_js, sizeof file_api_types_js},
    {"app/artifactList.js", file_app_artifactList_js, sizeof file_app_artifactList_js},
    {"app/chartToolbar.js", file_app_chartToolbar_js, sizeof file_app_chartToolbar_js},
    {"app/columnPicker.js", file_app_columnPicker_js, sizeof file_app_columnPicker_js},
    {"app/comparison.js", file_app_comparison_js, sizeof file_app_comparison_js},
    {"app/consoleView.js", file_app_consoleView_js, sizeof file_app_consoleView_js},
    {"app/copyBox.js", file_app_copyBox_js, sizeof file_app_copyBox_js},
    {"app/element.js", file_app_element_js, sizeof file_app_element_js},
    {"app/emptyRuns.js", file_app_emptyRuns_js, sizeof file_app_emptyRuns_js},
    {"app/markdownView.js", file_app_markdownView_js, sizeof file_app_markdownView_js},
    {"app/memory.js", file_app_memory_js, sizeof file_app_memory_js},
    {"app/metricCharts.js", file_app_metricCharts_js, sizeof file_app_metricCharts_js},
    {"app/metricGroups.js", file_app_metricGroups_js, sizeof file_app_metricGroups_js},
    {"app/metricTable.js", file_app_metricTable_js, sizeof file_app_metricTable_js},
    {"app/model.js", file_app_model_js, sizeof file_app_model_js},
    {"app/modelFacts.js", file_app_modelFacts_js, sizeof file_app_modelFacts_js},
    {"app/models.js", file_app_models_js, sizeof file_app_models_js},
    {"app/page.js", file_app_page_js, sizeof file_app_page_js},
    {"app/profileView.js", file_app_profileView_js, sizeof file_app_profileView_js},
    {"app/run.js", file_app_run_js, sizeof file_app_run_js},
    {"app/runCollection.js", file_app_runCollection_js, sizeof file_app_runCollection_js},
    {"app/runColumns.js", file_app_runColumns_js, sizeof file_app_runColumns_js},
    {"app/runHeader.js", file_app_runHeader_js, sizeof file_app_runHeader_js},
    {"app/runTable.js", file_app_runTable_js, sizeof file_app_runTable_js},
    {"app/runs.js", file_app_runs_js, sizeof file_app_runs_js},
    {"app/seriesLoader.js", file_app_seriesLoader_js, sizeof file_app_seriesLoader_js},
    {"app/statusChip.js", file_app_statusChip_js, sizeof file_app_statusChip_js},
    {"app/tabs.js", file_app_tabs_js, sizeof file_app_tabs_js},
    {"app/theme.js", file_app_theme_js, sizeof file_app_theme_js},
    {"app/viewState.js", file_app_viewState_js, sizeof file_app_viewState_js},
    {"charts/cursor.js", file_charts_cursor_js, sizeof file_charts_cursor_js},
    {"charts/draw.js", file_charts_draw_js, sizeof file_charts_draw_js},
    {"charts/flame.js", file_charts_flame_js, sizeof file_charts_flame_js},
    {"charts/flameChart.js", file_charts_flameChart_js, sizeof file_charts_flameChart_js},
    {"charts/frame.js", file_charts_frame_js, sizeof file_charts_frame_js},
    {"charts/gestures.js", file_charts_gestures_js, sizeof file_charts_gestures_js},
    {"charts/layer.js", file_charts_layer_js, sizeof file_charts_layer_js},
    {"charts/line.js", file_charts_line_js, sizeof file_charts_line_js},
    {"charts/palette.js", file_charts_palette_js, sizeof file_charts_palette_js},
    {"charts/reading.js", file_charts_reading_js, sizeof file_charts_reading_js},
    {"charts/reduce.js", file_charts_reduce_js, sizeof file_charts_reduce_js},
    {"charts/scale.js", file_charts_scale_js, sizeof file_charts_scale_js},
    {"charts/table.js", file_charts_table_js, sizeof file_charts_table_js},
    {"charts/tooltip.js", file_charts_tooltip_js, sizeof file_charts_tooltip_js},
    {"icon.svg", file_icon_svg, sizeof file_icon_svg},
    {"index.html", file_index_html, sizeof file_index_html},
    {"model.html", file_model_html, sizeof file_model_html},
    {"models.html", file_models_html, sizeof file_models_html},
    {"run.html", file_run_html, sizeof file_run_html},
    {"styles/base.css", file_styles_base_css, sizeof file_styles_base_css},
    {"styles/charts.css", file_styles_charts_css, sizeof file_styles_charts_css},
    {"styles/models.css", file_styles_models_css, sizeof file_styles_models_css},
    {"styles/run.css", file_styles_run_css, sizeof file_styles_run_css},
    {"styles/runs.css", file_styles_runs_css, sizeof file_styles_runs_css},
    {"styles/tables.css", file_styles_tables_css, sizeof file_styles_tables_css},
    {"text/clientLinks.js", file_text_clientLinks_js, sizeof file_text_clientLinks_js},
    {"text/console.js", file_text_console_js, sizeof file_text_console_js},
    {"text/format.js", file_text_format_js, sizeof file_text_format_js},
    {"text/markdown.js", file_text_markdown_js, sizeof file_text_markdown_js},
    {"text/profile.js", file_text_profile_js, sizeof file_text_profile_js},
};

const struct AviaryWebFile *aviary_web_file(unsigned long index) {
    return &files[index];
}

unsigned long aviary_web_file_count(void) {
    return sizeof files / sizeof files[0];
}
