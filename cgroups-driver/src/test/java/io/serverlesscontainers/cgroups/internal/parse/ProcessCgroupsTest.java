package io.serverlesscontainers.cgroups.internal.parse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessCgroupsTest {

    @Test
    void the_path_of_each_controller_is_known() {
        var cgroups =
                ProcessCgroups.parse("9:name=systemd:/\n4:memory:/lxc.payload.a:b\r\n1:cpu,cpuacct:/x/y\n0::/z\n");
        assertThat(cgroups.v1("memory")).contains("/lxc.payload.a:b");
        assertThat(cgroups.v1("cpuacct")).contains("/x/y");
        assertThat(cgroups.v1("cpu")).contains("/x/y");
        assertThat(cgroups.v2()).contains("/z");
        assertThat(cgroups.v1("blkio")).isEmpty();
    }

    @Test
    void lines_that_are_none_are_left_out() {
        var cgroups = ProcessCgroups.parse("\n4:memory\n::\n5:cpu:relative\nnonsense");
        assertThat(cgroups.v1("memory")).isEmpty();
        assertThat(cgroups.v1("cpu")).isEmpty();
        assertThat(cgroups.v2()).isEmpty();
    }
}
