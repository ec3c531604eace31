package engineapi

// runtimePaths are the programs of the engine's runtimes. A runtime that is a
// shim of containerd's has none.
func runtimePaths(i infoAnswer) map[string]string {
	out := map[string]string{}
	for name, runtime := range i.Runtimes {
		if runtime.Path != "" {
			out[name] = runtime.Path
		}
	}
	return out
}
