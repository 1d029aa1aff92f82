{{ metric_nodes() }}
