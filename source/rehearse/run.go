package rehearse

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/moby/moby/api/types/container"

	"seawall/lang"
	"seawall/source/engineapi"
)

// Check says how one finds out whether a copy works.
type Check struct {
	// Command is run in the copy by its shell until it succeeds; empty: the copy's own
	// health check, and without one, that it still runs at the end.
	Command string
	// Within is how long it may take.
	Within time.Duration
}

// pause is how long to wait before one looks again.
const pause = 500 * time.Millisecond

// ErrFails says that a copy was started and does not work.
var ErrFails = lang.Sentinel("it does not work")

// Run starts a copy with the settings (nil: the original's), checks it, looks at it if it
// works (unless look is nil), and removes it with its volumes, also when the context ends.
// The error is ErrFails with what was seen if the copy does not work.
func (p *Plan) Run(ctx context.Context, api *engineapi.Changer, s *Settings, check Check, look func(ctx context.Context, id string) error) (err error) {
	host := p.with(s)
	body := struct {
		container.Config
		HostConfig container.HostConfig
	}{p.config, host}
	var made struct {
		ID string `json:"Id"`
	}
	if err := api.Do(ctx, http.MethodPost, "/containers/create?name="+p.Name, body, &made); err != nil {
		return lang.Errorf("make the copy: %w", err)
	}
	defer func() {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), engineapi.RemoveTimeout)
		defer cancel()
		if e := api.Do(ending, http.MethodDelete, "/containers/"+made.ID+"?force=1&v=1", nil, nil); e != nil && !engineapi.Gone(e) {
			err = errors.Join(err, lang.Errorf("remove the copy %s: %w", p.Name, e))
		}
	}()
	if err := api.Do(ctx, http.MethodPost, "/containers/"+made.ID+"/start", nil, nil); err != nil {
		return lang.Errorf("%w: it does not start: %w", ErrFails, err)
	}
	if err := p.await(ctx, api, made.ID, check); err != nil || look == nil {
		return err
	}
	return look(ctx, made.ID)
}

// await looks again and again until the copy works, or ended, or the time is over.
func (p *Plan) await(ctx context.Context, api *engineapi.Changer, id string, check Check) error {
	end := time.Now().Add(check.Within)
	for {
		var c container.InspectResponse
		if err := api.Get(ctx, "/containers/"+id+"/json", &c); err != nil {
			return lang.Errorf("look at the copy: %w", err)
		}
		if c.State == nil || !c.State.Running {
			if c.State == nil {
				return lang.Errorf("%w: it ended", ErrFails)
			}
			return lang.Errorf("%w: it ended with exit code %d", ErrFails, c.State.ExitCode)
		}
		works, why, err := p.works(ctx, api, id, c.State, check)
		switch {
		case err != nil:
			return err
		case works && (check.Command != "" || p.Health):
			return nil
		case !time.Now().Before(end):
			if works {
				return nil
			}
			return lang.Errorf("%w within %s: %s", ErrFails, check.Within, why)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

// works asks the check once.
func (p *Plan) works(ctx context.Context, api *engineapi.Changer, id string, s *container.State, check Check) (works bool, why string, err error) {
	switch {
	case check.Command != "":
		code, err := execute(ctx, api, id, check.Command)
		return err == nil && code == 0, lang.Sprintf("the check ended with exit code %d", code), err
	case p.Health && s.Health != nil:
		return s.Health.Status == container.Healthy, lang.Sprintf("its health check says %s", s.Health.Status), nil
	}
	return true, "", nil
}

// execute runs a shell's command in the copy and returns its exit code.
func execute(ctx context.Context, api *engineapi.Changer, id, command string) (int, error) {
	var made struct {
		ID string `json:"Id"`
	}
	request := map[string]any{"Cmd": []string{"sh", "-c", command}, "AttachStdout": false}
	if err := api.Do(ctx, http.MethodPost, "/containers/"+id+"/exec", request, &made); err != nil {
		if strings.Contains(err.Error(), "is not running") {
			return -1, nil // it is seen to have ended
		}
		return 0, lang.Errorf("run the check: %w", err)
	}
	if err := api.Do(ctx, http.MethodPost, "/exec/"+made.ID+"/start", map[string]any{"Detach": true}, nil); err != nil {
		return -1, nil //nolint:nilerr // no shell, or it just ended: it does not work
	}
	for {
		var state struct {
			Running  bool
			ExitCode *int
		}
		if err := api.Get(ctx, "/exec/"+made.ID+"/json", &state); err != nil {
			return 0, lang.Errorf("run the check: %w", err)
		}
		if !state.Running && state.ExitCode != nil {
			return *state.ExitCode, nil
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(pause / 5):
		}
	}
}
