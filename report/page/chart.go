package page

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Chart is numbers over time, drawn as lines. Each line has a mark of its own shape and a
// name at its end, so that no colour is needed to tell them apart.
type Chart struct {
	// ID is unique in the page.
	ID    string
	Title string
	// About says in a sentence what it shows, for those who cannot see it.
	About string
	Lines []ChartLine
}

// ChartLine is one line of a chart.
type ChartLine struct {
	// Name stands at its end.
	Name string
	// Class is how it is drawn: a severity, or "host".
	Class  string
	Points []ChartPoint // in the order of time
}

// ChartPoint is a number at a time.
type ChartPoint struct {
	At     time.Time
	Number int
	// Text tells of it.
	Text string
}

const (
	chartWidth  = 960
	chartHeight = 320
	chartLeft   = 48
	chartRight  = 190
	chartTop    = 16
	chartBottom = 40
	labelRoom   = 16 // between names at the ends of lines
	chartTicks  = 7  // at most, of dates
)

// drawnChart is a chart with all places worked out.
type drawnChart struct {
	*Chart
	Width, Height int
	Left, Right   int // of the plot
	Bottom        int
	Across        []tick // lines of numbers, by y
	Down          []tick // dates, by x
	Drawn         []drawnLine
}

// tick is a mark of an axis.
type tick struct {
	At   int
	Text string
}

type drawnLine struct {
	Name, Class, Path string
	Dash              int
	Marks             []mark
	LabelX, LabelY    int
}

// mark is a point: a small shape.
type mark struct{ Path, Text string }

// draw works out the places of a chart: time goes right by its true distances, numbers up
// from nothing.
func (c *Chart) draw() drawnChart {
	out := drawnChart{Chart: c, Width: chartWidth, Height: chartHeight, Left: chartLeft, Right: chartWidth - chartRight, Bottom: chartHeight - chartBottom}
	var times []time.Time
	top := 1
	for i := range c.Lines {
		for _, p := range c.Lines[i].Points {
			times = append(times, p.At)
			top = max(top, p.Number)
		}
	}
	if len(times) == 0 {
		return out
	}
	first, last := slices.MinFunc(times, time.Time.Compare), slices.MaxFunc(times, time.Time.Compare)
	step := niceStep(top)
	top = (top + step - 1) / step * step
	x := func(t time.Time) int { return scale(t.Sub(first), last.Sub(first), out.Left+8, out.Right-8) }
	y := func(n int) int { return out.Bottom - n*(out.Bottom-chartTop)/top }
	for n := 0; n <= top; n += step {
		out.Across = append(out.Across, tick{y(n), fmt.Sprint(n)})
	}
	out.Down = dates(times, x)
	for i := range c.Lines {
		out.Drawn = append(out.Drawn, drawLine(&c.Lines[i], i, x, y))
	}
	spread(out.Drawn)
	return out
}

func drawLine(l *ChartLine, number int, x func(time.Time) int, y func(int) int) drawnLine {
	out := drawnLine{Name: l.Name, Class: l.Class, Dash: number % 4}
	var path strings.Builder
	for i, p := range l.Points {
		px, py := x(p.At), y(p.Number)
		fmt.Fprintf(&path, "%c%d %d", "ML"[min(i, 1)], px, py)
		out.Marks = append(out.Marks, mark{markShape(number, px, py), p.Text})
		out.LabelX, out.LabelY = px+12, py+5
	}
	out.Path = path.String()
	return out
}

// markShape is the outline of mark number n around a point: ◆ ▲ ■ ● and crosses, in turn.
func markShape(n, x, y int) string {
	switch n % 6 {
	case 0:
		return fmt.Sprintf("M%d %dl6 6l-6 6l-6-6z", x, y-6)
	case 1:
		return fmt.Sprintf("M%d %dl6 11h-12z", x, y-7)
	case 2:
		return fmt.Sprintf("M%d %dh10v10h-10z", x-5, y-5)
	case 3:
		return fmt.Sprintf("M%d %da5 5 0 1 0 10 0a5 5 0 1 0-10 0", x-5, y)
	case 4:
		return fmt.Sprintf("M%d %dl6 -11h-12z", x, y+7)
	}
	return fmt.Sprintf("M%d %dh3v-4h4v4h4v4h-4v4h-4v-4h-4z", x-5, y-2)
}

// spread moves the names at the ends of lines apart.
func spread(lines []drawnLine) {
	order := make([]*drawnLine, len(lines))
	for i := range lines {
		order[i] = &lines[i]
	}
	slices.SortStableFunc(order, func(a, b *drawnLine) int { return cmp.Compare(a.LabelY, b.LabelY) })
	for i := 1; i < len(order); i++ {
		order[i].LabelY = max(order[i].LabelY, order[i-1].LabelY+labelRoom)
	}
	limit := chartHeight - 4
	for i := len(order) - 1; i >= 0; i-- {
		order[i].LabelY = min(order[i].LabelY, limit)
		limit = order[i].LabelY - labelRoom
	}
}

// niceStep is the distance of the lines of numbers: 1, 2 or 5 by a power of ten, so that
// there are at most six.
func niceStep(top int) int {
	for step := 1; ; step *= 10 {
		for _, s := range []int{step, 2 * step, 5 * step} {
			if top <= 5*s {
				return s
			}
		}
	}
}

// scale is the place of a part of a span between two places; the middle of no span.
func scale(part, span time.Duration, from, to int) int {
	if span <= 0 {
		return (from + to) / 2
	}
	return from + int(float64(to-from)*(float64(part)/float64(span)))
}

// dates are the marks below: the times themselves where there is room, else those that
// are far enough apart.
func dates(times []time.Time, x func(time.Time) int) []tick {
	slices.SortFunc(times, time.Time.Compare)
	layout := "2006-01-02"
	if times[len(times)-1].Sub(times[0]) < 4*24*time.Hour {
		layout = "01-02 15:04"
	}
	var out []tick
	room := (chartWidth - chartLeft - chartRight) / chartTicks
	for _, t := range times {
		at := x(t)
		if len(out) > 0 && at-out[len(out)-1].At < room {
			continue
		}
		out = append(out, tick{at, t.UTC().Format(layout)})
	}
	return out
}
