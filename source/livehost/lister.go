package livehost

import (
	"context"
	"errors"
	"time"

	"seawall/lang"
	"seawall/source/engineapi"
)

// discoverAgain is how long the engines that were found are taken for all there are.
const discoverAgain = 30 * time.Second

// Lister names the containers of this machine's engines, again and again.
type Lister struct {
	endpoint   *engineapi.Endpoint // nil: all
	engines    []listedEngine
	discovered time.Time
}

// listedEngine is an engine to ask; client is nil until it answered.
type listedEngine struct {
	name     string
	endpoint engineapi.Endpoint
	client   *engineapi.Client
}

// ListedContainer is a container and the name of its engine.
type ListedContainer struct {
	engineapi.Listed
	Engine string
}

// NewLister is a lister of one engine, or of all of this machine if endpoint is nil.
func NewLister(endpoint *engineapi.Endpoint) *Lister { return &Lister{endpoint: endpoint} }

// Containers lists the containers of all engines that answer. The error names those
// that do not; what the others told is returned with it.
func (l *Lister) Containers(ctx context.Context) ([]ListedContainer, error) {
	if len(l.engines) == 0 || time.Since(l.discovered) > discoverAgain {
		if err := l.discover(ctx); err != nil {
			return nil, err
		}
	}
	var out []ListedContainer
	var errs []error
	for i := range l.engines {
		list, err := l.engines[i].list(ctx)
		if err != nil {
			errs = append(errs, err)
		}
		for _, c := range list {
			out = append(out, ListedContainer{Listed: c, Engine: l.engines[i].name})
		}
	}
	return out, errors.Join(errs...)
}

// discover looks for the engines anew and keeps the connections to those it knew.
func (l *Lister) discover(ctx context.Context) error {
	if l.endpoint != nil {
		if len(l.engines) == 0 {
			l.engines = []listedEngine{{name: l.endpoint.Host, endpoint: *l.endpoint}}
		}
		l.discovered = time.Now()
		return nil
	}
	engines, err := discover(ctx, ThisMachine())
	if err != nil {
		return err
	}
	old := l.engines
	l.engines, l.discovered = nil, time.Now()
	for _, f := range engines {
		if f.gap != nil || f.socket == nil {
			continue
		}
		e := listedEngine{name: f.name, endpoint: engineapi.Endpoint{Host: "unix://" + f.socket.dial(), FoundBy: f.foundBy}}
		for _, o := range old {
			if o.endpoint.Host == e.endpoint.Host {
				e.client = o.client
			}
		}
		l.engines = append(l.engines, e)
	}
	if len(l.engines) == 0 {
		return errors.New(lang.N("no Docker Engine answers on this machine"))
	}
	return nil
}

// list asks one engine, over a new connection if it was restarted.
func (e *listedEngine) list(ctx context.Context) ([]engineapi.Listed, error) {
	if e.client == nil {
		client, err := engineapi.Connect(ctx, e.endpoint)
		if err != nil {
			return nil, err
		}
		e.client = client
	}
	list, err := e.client.List(ctx)
	if err != nil {
		e.client.Close()
		e.client = nil
		return nil, lang.RecordErrorf("list the containers of %s: %w", e.name, err)
	}
	return list, nil
}

// Close ends the connections.
func (l *Lister) Close() {
	for _, e := range l.engines {
		if e.client != nil {
			e.client.Close()
		}
	}
}
