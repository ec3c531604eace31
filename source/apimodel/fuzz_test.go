package apimodel_test

import (
	"encoding/json"
	"testing"

	"github.com/moby/moby/api/types/container"

	"seawall/snapshot"
	"seawall/source/apimodel"
)

// FuzzFromInspect: whatever an engine answers, every fact of the container is
// answered, with a value or a gap.
func FuzzFromInspect(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"Config":{},"HostConfig":{},"State":{},"NetworkSettings":{}}`,
		`{"Config":{"Env":["A=b","C",""],"Labels":{"com.docker.compose.project":"p"}},"HostConfig":{"Binds":["",":","a:b:c:d"],"SecurityOpt":["","=","seccomp={"],"Links":["/a:/b/c",":"],"Ulimits":[null]}}`,
		`{"Config":{},"HostConfig":{"Mounts":[{"Type":"volume","VolumeOptions":{}}],"PortBindings":{"80/tcp":[{}],"":null}},"Mounts":[{}],"State":{"Status":"running","Pid":-1,"StartedAt":"x"}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var in container.InspectResponse
		if json.Unmarshal(data, &in) != nil {
			return
		}
		declared := apimodel.FromCreate("x", in.Config, in.HostConfig, nil, "fuzz")
		for _, c := range []snapshot.Container{apimodel.FromInspect(in, "fuzz"), declared} {
			snapshot.Walk(&c, func(path string, f snapshot.AnyFact) {
				if f.State() == snapshot.NotCollected && path[:min(len(path), 8)] != "Process." {
					t.Errorf("nobody answered %s", path)
				}
			})
			if _, err := json.Marshal(c); err != nil {
				t.Error(err)
			}
		}
	})
}
