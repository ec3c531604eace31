package report

import (
	"seawall/lang"
	"seawall/observation"
	"seawall/report/monospace"
)

// ObservationLines is the view while watching goes on: a heading and a line for each
// container, cut to the size of the screen.
func ObservationLines(o *observation.Observation, left string, width, height int) []string {
	w := o.Watches[len(o.Watches)-1]
	lines := []string{lang.Sprintf("watching %s for %s, %s", containerCount(len(o.Containers)), observation.Span(w.To.Sub(w.From).Seconds()), left)}
	for i := range o.Containers {
		if len(lines) == height-1 && i < len(o.Containers)-1 {
			lines = append(lines, "  "+lang.Sprintf("… and %d more", len(o.Containers)-i))
			break
		}
		lines = append(lines, liveLine(&o.Containers[i]))
	}
	for i, line := range lines {
		lines[i] = monospace.First(line, max(width-1, 1))
	}
	return lines
}

func liveLine(c *observation.Container) string {
	name := c.Name
	if name == "" {
		name = c.ID[:min(12, len(c.ID))]
	}
	calls := 0
	for _, s := range c.Syscalls {
		calls = max(calls, len(s.Names))
	}
	used := c.Used().String()
	if used == "" {
		used = lang.T("no capability")
	}
	var accepted uint64
	for _, s := range c.Sockets {
		accepted += s.Accepted
	}
	return "  " + monospace.Pad(clean(name), 20) + " " + lang.Sprintf("%3d calls %2d listening %3d accepted %2d connections %2d written  %s", calls,
		len(addresses(c, observation.Listen)), accepted, len(addresses(c, observation.Connect)), len(c.Written), used)
}
