package ownrule

import (
	"errors"

	"seawall/lang"
	"seawall/ownrule/expr"
	"seawall/rule"
	"seawall/snapshot"
)

// conditions are what a rule asks, compiled.
type conditions struct {
	kind      string
	when      condition // no Program: always
	otherwise string    // why the question does not arise
	fail      condition
	message   message
}

// condition is an expression and its place.
type condition struct {
	*expr.Program
	where Fault
}

// setCheck sets the check of the rule's kind.
func (c *conditions) setCheck(r *rule.Rule) {
	title := r.Title
	switch rule.Kind(c.kind) {
	case rule.KindHost:
		r.Host = func(ctx *rule.Context, v *snapshot.Host) rule.Answer { return c.judge(ctx, v, title) }
	case rule.KindEngine:
		r.Engine = func(ctx *rule.Context, v *snapshot.Engine) rule.Answer { return c.judge(ctx, v, title) }
	case rule.KindListener:
		r.Listener = func(ctx *rule.Context, v *snapshot.Listener) rule.Answer { return c.judge(ctx, v, title) }
	case rule.KindClient:
		r.Client = func(ctx *rule.Context, v *snapshot.Client) rule.Answer { return c.judge(ctx, v, title) }
	case rule.KindUser:
		r.User = func(ctx *rule.Context, v *snapshot.User) rule.Answer { return c.judge(ctx, v, title) }
	case rule.KindImage:
		r.Image = func(ctx *rule.Context, v *snapshot.Image) rule.Answer { return c.judge(ctx, v, title) }
	case rule.KindContainer:
		r.Container = func(ctx *rule.Context, v *snapshot.Container) rule.Answer { return c.judge(ctx, v, title) }
	case rule.KindNetwork:
		r.Network = func(ctx *rule.Context, v *snapshot.Network) rule.Answer { return c.judge(ctx, v, title) }
	case rule.KindVolume:
		r.Volume = func(ctx *rule.Context, v *snapshot.Volume) rule.Answer { return c.judge(ctx, v, title) }
	case rule.KindSwarm:
		r.Swarm = func(ctx *rule.Context, v *snapshot.Swarm) rule.Answer { return c.judge(ctx, v, title) }
	}
}

// judge answers for one subject.
func (c *conditions) judge(ctx *rule.Context, value any, title string) rule.Answer {
	s := expr.Subject{Kind: c.kind, Value: value, Engine: ctx.Engine, Snapshot: ctx.Snapshot, Among: rule.Count(ctx.Snapshot, rule.Kind(c.kind))}
	r := &expr.Reader{}
	if c.when.Program != nil {
		arises, err := c.when.Bool(s, r)
		if err != nil {
			return undecided(ctx, r, "when", c.when.where, err)
		}
		if !arises {
			r.Tell(ctx, false)
			return ctx.NotApplicable("%s", c.otherwise)
		}
	}
	fails, err := c.fail.Bool(s, r)
	if err != nil {
		return undecided(ctx, r, "fail", c.fail.where, err)
	}
	text := ""
	if fails {
		text = c.message.say(s, r)
	}
	r.Tell(ctx, false)
	if fails {
		return ctx.Fail("%s", text)
	}
	return ctx.Pass("not so: %s", title)
}

// undecided tells the context what was missing, which makes the verdict unknown.
func undecided(ctx *rule.Context, r *expr.Reader, what string, where Fault, err error) rule.Answer {
	missed := errors.Is(err, expr.ErrMissed)
	r.Tell(ctx, missed)
	if !missed {
		gap := snapshot.Gap{Reason: snapshot.ReasonFailed, Detail: err.Error(), Remedy: lang.N("change the rule, so that it asks only for what is there")}
		if errors.Is(err, expr.ErrCost) {
			gap.Remedy = lang.N("change the rule, so that it walks fewer and shorter lists")
		}
		ctx.Missed(snapshot.At("the value of "+what, where.place()), gap)
	}
	return ctx.Pass("not decided")
}
